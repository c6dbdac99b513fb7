import CommandLineKit
import Engine

/// `cloudrails volume attach VOLUME NODE`
struct VolumeAttach: Command {
    static let configuration = CommandConfiguration(
        commandName: "attach",
        abstract: "Give a data volume to a node that has none.",
        discussion: """
            Both are in one zone and of one target. The node mounts what is on the volume and starts its client; it never \
            formats a volume that holds anything. To make a new node on a volume: cloudrails node launch --volume.
            """,
        examples: [.init("cloudrails volume attach vol-0123456789abcdef0 my-node", "Give it to that node.")])

    @OptionGroup var global: GlobalOptions
    @OptionGroup var remote: RemoteOptions
    @OptionGroup var plan: PlanOptions

    @Argument(help: "The volume's id.", valueName: "volume", completion: .custom("volumes"))
    var volume: String

    @Argument(help: "The node's name.", valueName: "node", completion: .custom("nodes"))
    var node: String

    func run(_ context: Context) async throws {
        let id = try VolumeName.id(volume)
        try NodeName.validate(node)
        let session = try await Session.open(global, context)
        async let found = session.environment.dataVolume(id)
        let owner = try await session.environment.node(named: node)
        let volume = try await found
        try await plan.run(session, remote: remote) { environment in
            let attached = try await environment.attach(volume, to: owner, via: remote.via)
            if !environment.isPlan { try context.emit(attached) { attached.text } }
        }
    }
}
