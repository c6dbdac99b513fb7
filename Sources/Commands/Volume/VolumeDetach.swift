import CommandLineKit
import Engine

/// `cloudrails volume detach NAME`
struct VolumeDetach: Command {
    static let configuration = CommandConfiguration(
        commandName: "detach",
        abstract: "Take a data volume from its node.",
        discussion: """
            On a node that runs, the client is stopped cleanly and the file system unmounted first. The volume is kept, and \
            goes on costing money.
            """,
        examples: [.init("cloudrails volume detach my-node", "Take that node's volume.")])

    @OptionGroup var global: GlobalOptions
    @OptionGroup var remote: RemoteOptions
    @OptionGroup var plan: PlanOptions

    @Argument(help: "The volume's id, or the node's name.", valueName: "name", completion: .custom("nodes"))
    var name: String

    @Flag(short: "y", help: "Do not ask.")
    var yes: Bool = false

    func run(_ context: Context) async throws {
        try VolumeName.validate(name)
        if !plan.dryRun { try context.requireAnswer(yes, flag: "--yes") }
        let session = try await Session.open(global, context)
        let volume = try await session.environment.dataVolume(named: name)
        if !volume.isKept, !plan.dryRun, !yes {
            try context.confirm("Take \(volume.id) from \(volume.node), which cannot run without it?")
        }
        try await plan.run(session, remote: remote) { environment in
            let free = try await environment.detach(volume, via: remote.via)
            if !environment.isPlan { try context.emit(free) { free.text } }
        }
    }
}

extension DataVolume {
    /// Whose it is, in a line.
    var text: String {
        let owner = instance.map { "belongs to \(node) (\($0))" } ?? "is free, last of \(node)"
        return "\(id), \(inWords), \(owner)\(cost.map { "; \($0)" } ?? "")."
    }
}
