import CommandLineKit
import Engine

/// `cloudrails image share IMAGE --account ID`
struct ImageShare: Command {
    static let configuration = CommandConfiguration(
        commandName: "share",
        abstract: "Let other accounts launch an image and read its snapshots, or take it back.",
        discussion: """
            They find it with 'cloudrails image list' once they trust your account: cloudrails image trust. An image that \
            was made while its node went on is refused: it carries that node's keys and identity; and so is one with a file \
            that --allow let through.
            """,
        examples: [
            .init("cloudrails image share ami-0123456789abcdef0 --account 111122223333", "Share it."),
            .init("cloudrails image share ami-0123456789abcdef0 --account 111122223333 --remove", "Take it back."),
        ])

    @OptionGroup var global: GlobalOptions
    @OptionGroup var plan: PlanOptions

    @Argument(help: "The image's id or name.", valueName: "image", completion: .custom("images"))
    var image: String

    @Option(help: "An account's id. May be given several times.", valueName: "id")
    var account: [AccountID]

    @Flag(help: "Take it back from these accounts.")
    var remove: Bool = false

    @Flag(help: "Even if it carries its node's keys and identity, or what looks like a wallet.")
    var force: Bool = false

    func validate() throws {
        if account.isEmpty { throw UsageError("--account is missing: the account to share the image with") }
    }

    func run(_ context: Context) async throws {
        try ImageHandle.validate(image)
        let session = try await Session.open(global, context)
        let found = try await session.environment.image(named: image)
        let audience = Audience.accounts(account.map(\.id))
        try await plan.run(session) { environment in
            let access =
                remove
                ? try await environment.take(found, from: audience)
                : try await environment.give(found, to: audience, force: force)
            if !environment.isPlan { try context.emit(access) { access.text } }
        }
    }
}
