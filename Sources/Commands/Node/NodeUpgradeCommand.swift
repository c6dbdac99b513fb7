import CommandLineKit
import Engine

/// `cloudrails node upgrade NAME`
struct NodeUpgradeCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "upgrade",
        abstract: "Bring a node's programs to the versions that its chain pins.",
        discussion: """
            The new versions are installed beside the old ones; then the node stops cleanly, and the new ones start. Where they \
            do not answer, the node goes back to the old ones by itself. A node that runs the pinned versions is left alone.
            """,
        examples: [
            .init("cloudrails node upgrade my-node", "Asks first; the node stops for as long as a clean stop takes."),
            .init("cloudrails node upgrade my-node --yes", "Does not ask."),
        ])

    @OptionGroup var global: GlobalOptions
    @OptionGroup var remote: RemoteOptions

    @Argument(help: "The node's name.", valueName: "name", completion: .custom("nodes"))
    var name: String

    @Flag(help: "Send the node's scripts even where the versions are the same.")
    var force: Bool = false

    @Flag(short: "y", help: "Do not ask.")
    var yes: Bool = false

    func run(_ context: Context) async throws {
        try NodeName.validate(name)
        try context.requireAnswer(yes, flag: "--yes")
        let session = try await Session.open(global, context)
        let environment = try remote.environment(session)
        let node = try await environment.node(named: name)
        let profile = try TargetArgument.profile(node.target)
        let result = try await environment.upgrade(
            node, to: profile, isForced: force, via: remote.via
        ) { before, after in
            guard !yes else { return }
            try context.confirm("Bring \(name) from \(before) to \(after)? It stops for a while.")
        }
        try context.emit(result) {
            result.isChanged
                ? "\(name) was upgraded from \(result.before) to \(result.after)."
                : "\(name) runs \(result.before), which is what its chain pins: nothing was done."
        }
    }
}
