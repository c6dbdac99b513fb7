import CommandLineKit
import Engine

/// `cloudrails volume snapshot NAME`
struct VolumeSnapshotCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "snapshot",
        abstract: "Make a snapshot of a data volume, and wait until it is complete.",
        discussion: """
            It shows the volume as it is at this moment; the copying takes from minutes to hours, and only what changed \
            since the last snapshot is copied. Ctrl-C leaves the wait, and the same command takes it up again while it is not \
            complete. While a client writes, the snapshot is as after a power cut; stop the node first for a clean one.
            """,
        examples: [
            .init("cloudrails volume snapshot my-node", "Snapshot of that node's data volume."),
            .init("cloudrails volume snapshot my-node --no-wait", "Begin it only."),
        ])

    @OptionGroup var global: GlobalOptions
    @OptionGroup var plan: PlanOptions

    @Argument(help: "The node's name, or the volume's id.", valueName: "name", completion: .custom("nodes"))
    var name: String

    @Flag(help: "Another one, even if one was begun or made a moment ago.")
    var new: Bool = false

    @Flag(help: "Do not wait until it is complete.")
    var noWait: Bool = false

    func run(_ context: Context) async throws {
        try VolumeName.validate(name)
        let session = try await Session.open(global, context)
        let volume = try await session.environment.dataVolume(named: name)
        try await plan.run(session) { environment in
            var snapshot = try await environment.snapshot(volume, wantsAnother: new)
            if !noWait { snapshot = try await environment.waitUntilComplete(snapshot, of: volume) }
            if !environment.isPlan { try context.emit(snapshot) { snapshot.text } }
        }
    }
}

extension VolumeSnapshot {
    fileprivate var text: String {
        let quality = consistency == "clean" ? "nothing was writing" : "as after a power cut: a client was writing"
        return "\(id) of \(volume) (\(node), \(sizeGiB) GiB) is \(state); \(quality)."
    }
}
