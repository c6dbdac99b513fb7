import CommandLineKit
import Engine

/// `cloudrails volume delete NAME`
struct VolumeDelete: Command {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Delete a data volume that no node has, for good.",
        discussion: """
            Days of syncing are lost with it; its snapshots stay. To delete a node and its volume together: cloudrails node \
            terminate --delete-data.
            """,
        examples: [
            .init("cloudrails volume delete my-node", "Asks for the name to be typed."),
            .init("cloudrails volume delete vol-0123456789abcdef0 --yes", "By its id, without asking."),
        ])

    @OptionGroup var global: GlobalOptions
    @OptionGroup var plan: PlanOptions

    @Argument(
        help: "The volume's id, or the name of the node that it was kept of.", valueName: "name",
        completion: .custom("volumes"))
    var name: String

    @Flag(short: "y", help: "Do not ask.")
    var yes: Bool = false

    func run(_ context: Context) async throws {
        try VolumeName.validate(name)
        if !plan.dryRun { try context.requireAnswer(yes, flag: "--yes") }
        let session = try await Session.open(global, context)
        let volume = try await session.environment.dataVolume(named: name)
        if volume.isKept, !plan.dryRun, !yes {
            context.note("\(volume.id), \(volume.inWords), of \(volume.node): \(volume.target)")
            try context.confirm("There is no way back.", byTyping: name)
        }
        try await plan.run(session) { environment in
            try await environment.delete(volume)
            if !environment.isPlan { try context.emit(volume) { "\(volume.id) of \(volume.node) is gone." } }
        }
    }
}
