import CommandLineKit
import Engine

/// `cloudrails node start NAME`
struct NodeStart: Command {
    static let configuration = CommandConfiguration(
        commandName: "start",
        abstract: "Start a node that was stopped, and wait until it runs.",
        discussion: "It gets a new public address. On a machine that runs already, the client is started.",
        examples: [.init("cloudrails node start my-node", "Start the node of that name.")])

    @OptionGroup var global: GlobalOptions
    @OptionGroup var remote: RemoteOptions
    @OptionGroup var plan: PlanOptions

    @Argument(help: "The node's name.", valueName: "name", completion: .custom("nodes"))
    var name: String

    func run(_ context: Context) async throws {
        try NodeName.validate(name)
        let session = try await Session.open(global, context)
        let node = try await session.environment.node(named: name)
        try await plan.run(session, remote: remote) { environment in
            let started = try await environment.start(node, via: remote.via)
            guard !environment.isPlan else { return }
            try context.emit(started) { started.machineText }
        }
    }
}

extension Node {
    /// What its machine is doing, in a line.
    var machineText: String {
        "\(name) is \(state): \(instance), \(type) in \(zone)\(publicAddress.map { ", \($0)" } ?? "")"
    }
}
