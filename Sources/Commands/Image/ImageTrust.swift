import CommandLineKit
import Engine

/// `cloudrails image trust [ACCOUNT]`
struct ImageTrust: Command {
    static let configuration = CommandConfiguration(
        commandName: "trust",
        abstract: "Trust the images of another account, or list the accounts that you trust.",
        discussion: """
            A node that starts from an image runs whatever is on it. So images are taken from your own account and from \
            those that you trust, and never by their name alone. The list is yours, on this machine.
            """,
        examples: [
            .init("cloudrails image trust", "List them."),
            .init("cloudrails image trust 111122223333", "Trust one."),
            .init("cloudrails image trust 111122223333 --remove", "Trust it no more."),
        ])

    @OptionGroup var global: GlobalOptions

    @Argument(help: "The account's id.", valueName: "account")
    var account: AccountID?

    @Flag(help: "Trust it no more.")
    var remove: Bool = false

    func validate() throws {
        if remove && account == nil { throw UsageError("--remove wants an account") }
    }

    func run(_ context: Context) async throws {
        let before = try TrustedOwners.read(context)
        let id = account?.id
        var after = before.filter { $0 != id }
        if let id, !remove { after = before.contains(id) ? before : before + [id] }
        if after != before { try TrustedOwners.write(after, context) }
        let trusted = TrustedAccounts(accounts: after, isChanged: after != before)
        try context.emit(trusted) { trusted.text }
    }
}

/// What `image trust --json` prints.
struct TrustedAccounts: Codable {
    var accounts: [String]
    var isChanged: Bool

    var text: String {
        accounts.isEmpty ? "Only images of your own account are used." : accounts.joined(separator: "\n")
    }
}
