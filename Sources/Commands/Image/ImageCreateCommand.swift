import CommandLineKit
import Engine

/// `cloudrails image create NODE`
struct ImageCreateCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Make an image of a node at its block height, and wait until it can be launched.",
        discussion: """
            The node is sealed for a moment: its client ends cleanly, identity and secrets are set aside, its data is frozen. It \
            goes on as soon as AWS has begun the snapshots; how long it was down is measured and printed. The copying takes from \
            minutes to hours. Ctrl-C leaves the wait, and the same command takes it up again, within a day. Whatever goes \
            wrong, the node goes on; a run that was cut short is finished, or what it left is removed, by the next one.

            A node with a wallet, a validator key or a keystore is refused.
            """,
        examples: [
            .init("cloudrails image create my-node", "An image of that node."),
            .init("cloudrails image create my-node --keep 2", "And delete all but the two newest of its target."),
            .init("cloudrails image create my-node --public --copy-to eu-west-1", "For everybody, and a private copy."),
        ])

    @OptionGroup var global: GlobalOptions
    @OptionGroup var making: ImageMakingOptions
    @OptionGroup var plan: PlanOptions

    @Argument(help: "The node's name.", valueName: "name", completion: .custom("nodes"))
    var name: String

    @Option(
        help: "Delete older images of the target in this region, and keep so many (elsewhere: image prune --region).",
        valueName: "number")
    var keep: Int?

    func validate() throws {
        if let keep { try ImageMakingOptions.validate(keep: keep) }
    }

    func run(_ context: Context) async throws {
        try NodeName.validate(name)
        let session = try await Session.open(global, context)
        let node = try await session.environment.node(named: name)
        try await making.make(of: node, keep: keep, session, plan)
    }
}
