import CommandLineKit
import Engine

/// `cloudrails node stop NAME`
struct NodeStop: Command {
    static let configuration = CommandConfiguration(
        commandName: "stop",
        abstract: "Stop a node: first its client, cleanly, then its machine.",
        discussion: """
            A stopped machine costs nothing but its volumes. Ending a client may take from seconds to half an hour; a node \
            that cannot be reached is not stopped unless --force is given.
            """,
        examples: [
            .init("cloudrails node stop my-node", "Stop the node of that name."),
            .init("cloudrails node stop my-node --via ssh", "Reach it by SSH."),
        ])

    @OptionGroup var global: GlobalOptions
    @OptionGroup var stop: CleanStopOptions
    @OptionGroup var plan: PlanOptions

    @Argument(help: "The node's name.", valueName: "name", completion: .custom("nodes"))
    var name: String

    func run(_ context: Context) async throws {
        try NodeName.validate(name)
        let session = try await Session.open(global, context)
        let node = try await session.environment.node(named: name)
        try await plan.run(session, remote: stop.remote) { environment in
            let stopped = try await environment.stop(node, stop.clean)
            guard !environment.isPlan else { return }
            try context.emit(stopped) { stopped.machineText }
        }
    }
}
