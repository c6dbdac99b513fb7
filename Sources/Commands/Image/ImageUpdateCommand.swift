import ChainKit
import CommandLineKit
import Engine

/// `cloudrails image update TARGET`
struct ImageUpdateCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "update",
        abstract: "Make an image of a target's furthest node, then delete all but the newest images of that target.",
        discussion: """
            The node of the target that runs and reports the highest block is taken, as 'cloudrails image create' would.
            """,
        examples: [
            .init("cloudrails image update bitcoin.org/mainnet", "A new image; two are kept."),
            .init("cloudrails image update bitcoin.org/mainnet --keep 5", "Five are kept."),
        ])

    @OptionGroup var global: GlobalOptions
    @OptionGroup var making: ImageMakingOptions
    @OptionGroup var plan: PlanOptions

    @Argument(
        help: "What the node runs, such as bitcoin.org/mainnet.", valueName: "target", completion: .custom("targets"))
    var target: String

    @Option(
        help: "Keep so many images of the target in this region (elsewhere: image prune --region).",
        valueName: "number")
    var keep: Int = 2

    func validate() throws { try ImageMakingOptions.validate(keep: keep) }

    func run(_ context: Context) async throws {
        let target = try TargetArgument.profile(target).target
        let session = try await Session.open(global, context)
        let node = try await session.environment.furthestNode(of: target)
        context.note("\(node.name) is the furthest node of \(target).")
        try await making.make(of: node, keep: keep, session, plan)
    }
}
