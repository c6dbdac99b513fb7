import CommandLineKit
import Engine

/// `cloudrails node restart NAME`
struct NodeRestart: Command {
    static let configuration = CommandConfiguration(
        commandName: "restart",
        abstract: "Restart a node's client, or its machine.",
        discussion: "The client is stopped cleanly first. The machine keeps its addresses.",
        examples: [
            .init("cloudrails node restart my-node", "Restart the client only."),
            .init("cloudrails node restart my-node --machine", "Stop the client, then restart the machine."),
        ])

    @OptionGroup var global: GlobalOptions
    @OptionGroup var stop: CleanStopOptions
    @OptionGroup var plan: PlanOptions

    @Argument(help: "The node's name.", valueName: "name", completion: .custom("nodes"))
    var name: String

    @Flag(help: "Restart the machine too.")
    var machine: Bool = false

    func validate() throws {
        if stop.force && !machine { throw UsageError("--force goes with --machine") }
    }

    func run(_ context: Context) async throws {
        try NodeName.validate(name)
        let session = try await Session.open(global, context)
        let node = try await session.environment.node(named: name)
        try await plan.run(session, remote: stop.remote) { environment in
            let restarted = try await environment.restart(node, machine: machine, stop.clean)
            guard !environment.isPlan else { return }
            try context.emit(restarted) { machine ? "\(name) restarts." : "The client of \(name) was restarted." }
        }
    }
}
