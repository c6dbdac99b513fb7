import ChainKit
import CommandLineKit
import Engine

/// `cloudrails node resize NAME`
struct NodeResize: Command {
    static let configuration = CommandConfiguration(
        commandName: "resize",
        abstract: "Give a node another instance type; it is stopped for that, and runs afterwards.",
        discussion: """
            The client is stopped cleanly, the machine stopped, changed and started; data and name stay, the public address \
            changes. A run that was cut short is finished by the same command.
            """,
        examples: [
            .init("cloudrails node resize my-node --instance-type r8g.4xlarge", "A larger machine for the same node.")
        ])

    @OptionGroup var global: GlobalOptions
    @OptionGroup var stop: CleanStopOptions
    @OptionGroup var plan: PlanOptions

    @Argument(help: "The node's name.", valueName: "name", completion: .custom("nodes"))
    var name: String

    @Option(help: "The new type, of the same processor architecture.", valueName: "type")
    var instanceType: String

    @Flag(short: "y", help: "Do not ask.")
    var yes: Bool = false

    func validate() throws { try MachineName.validate(instanceType: instanceType) }

    func run(_ context: Context) async throws {
        try NodeName.validate(name)
        if !plan.dryRun { try context.requireAnswer(yes, flag: "--yes") }
        let session = try await Session.open(global, context)
        let node = try await session.environment.node(named: name)
        if node.type != instanceType, node.state == "running", !plan.dryRun, !yes {
            try context.confirm("Stop \(name) (\(node.type)) and start it as \(instanceType)?")
        }
        try await plan.run(session, remote: stop.remote) { environment in
            let resized = try await environment.resize(node, to: InstanceType(rawValue: instanceType), stop.clean)
            guard !environment.isPlan else { return }
            try context.emit(resized) { resized.machineText }
        }
    }
}
