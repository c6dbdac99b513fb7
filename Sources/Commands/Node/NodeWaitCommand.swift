public import CommandLineKit
public import Engine

/// `cloudrails node wait NAME`
struct NodeWaitCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "wait",
        abstract: "Wait until a node runs, is installed, or is synced.",
        discussion: """
            Nobody logs in: EC2 tells what the machine does, and the node's tag, which it writes every five minutes, tells the \
            rest. A node that has failed, stalled or stopped ends the wait with its reason. There is no limit but your own; \
            Ctrl-C and the same command again lose nothing.
            """,
        examples: [
            .init("cloudrails node wait my-node --until synced", "Wait for the head of the chain, days if need be."),
            .init("cloudrails node wait my-node --until installed --timeout 30m", "Wait half an hour at most."),
        ])

    @OptionGroup var global: GlobalOptions

    @Argument(help: "The node's name.", valueName: "name", completion: .custom("nodes"))
    var name: String

    @Option(help: "What to wait for.", valueName: "goal")
    var until: NodeGoal = .running

    @Option(help: "The longest wait, such as 90s, 30m, 12h or 2d. Default: none.", valueName: "time")
    var timeout: TimeSpan?

    func run(_ context: Context) async throws {
        try NodeName.validate(name)
        let session = try await Session.open(global, context)
        let node = try await session.environment.node(named: name)
        let reached = try await session.environment.wait(for: node, until: until, limit: timeout?.duration)
        let result = AwaitedNode(until: until.rawValue, node: reached)
        try context.emit(result) { "\(reached.name) is \(until.rawValue)." }
    }
}

/// What `node wait --json` prints.
struct AwaitedNode: Codable {
    var until: String
    var node: Node
}

extension NodeGoal: ExpressibleByArgument {}
