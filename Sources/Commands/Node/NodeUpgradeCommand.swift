import ChainKit
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
            .init("cloudrails node upgrade my-node --dry-run", "Asks the node what it runs, and does no more."),
        ])

    @OptionGroup var global: GlobalOptions
    @OptionGroup var remote: RemoteOptions
    @OptionGroup var plan: PlanOptions

    @Argument(help: "The node's name.", valueName: "name", completion: .custom("nodes"))
    var name: String

    @Flag(help: "Send the node's scripts even where the versions are the same.")
    var force: Bool = false

    @Flag(short: "y", help: "Do not ask.")
    var yes: Bool = false

    func run(_ context: Context) async throws {
        try NodeName.validate(name)
        if !plan.dryRun { try context.requireAnswer(yes, flag: "--yes") }
        let session = try await Session.open(global, context)
        let environment = try remote.environment(session)
        let node = try await environment.node(named: name)
        let profile = try TargetArgument.profile(node.target)
        let before = try await environment.report(of: node, via: remote.via).client ?? "unknown"
        let isNeeded = before != profile.clients || force
        if isNeeded, !plan.dryRun, !yes {
            try context.confirm("Bring \(name) from \(before) to \(profile.clients)? It stops for a while.")
        }
        try await plan.run(session, remote: remote) { environment in
            let result =
                isNeeded
                ? try await environment.upgrade(node, from: before, to: profile, via: remote.via)
                : NodeUpgrade(unchanged: node, before)
            if !environment.isPlan { try context.emit(result) { result.text } }
        }
    }
}

extension NodeUpgrade {
    fileprivate var text: String {
        isChanged
            ? "\(node) was upgraded from \(before) to \(after)."
            : "\(node) runs \(before), which is what its chain pins: nothing was done."
    }
}
