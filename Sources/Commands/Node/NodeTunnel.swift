import AWS
import ChainKit
import ChainRegistry
import CommandLineKit
import Engine

/// `cloudrails node tunnel NAME`
struct NodeTunnel: Command {
    static let configuration = CommandConfiguration(
        commandName: "tunnel",
        abstract: "Bring a node's RPC ports to this machine's loopback, until Ctrl-C.",
        discussion: """
            The ports stay closed to everybody else. By SSH where port 22 is open to you, else by Systems Manager, which needs \
            session-manager-plugin.
            """,
        examples: [
            .init("cloudrails node tunnel my-node", "Each RPC port of the chain under its own number."),
            .init("cloudrails node tunnel my-node --port 8545 --local-port 18545", "One port, under another number."),
        ])

    @OptionGroup var global: GlobalOptions
    @OptionGroup var remote: RemoteOptions

    @Argument(help: "The node's name.", valueName: "name", completion: .custom("nodes"))
    var name: String

    @Option(help: "Only this port of the node. Default: the RPC ports of its chain.", valueName: "port")
    var port: Int?

    @Option(
        help: "The first port on this machine; further ones follow it. Default: the node's numbers.", valueName: "port")
    var localPort: Int?

    static let isView = true

    func validate() throws {
        for (option, value) in [("--port", port), ("--local-port", localPort)] {
            if let value, !(1...65_535).contains(value) { throw UsageError("\(option) is 1 to 65535") }
        }
    }

    func run(_ context: Context) async throws {
        try NodeName.validate(name)
        let session = try await Session.open(global, context)
        let environment = try remote.environment(session)
        let node = try await environment.node(named: name)
        let forwards = try forwards(node)
        let programs = try await environment.tunnel(forwards, to: node, via: remote.via)
        try context.emit(Tunnel(node: name, ports: forwards)) {
            forwards.map { "127.0.0.1:\($0.localPort) is \(name):\($0.port) (\($0.purpose))" }.joined(separator: "\n")
        }
        context.note("Until Ctrl-C.")
        try await Self.runTogether(programs, node)
    }

    private func forwards(_ node: Node) throws -> [PortForward] {
        let known = ChainRegistry.profile(node.target)?.ports.filter { $0.scope == .rpc && $0.transport == .tcp } ?? []
        let wanted =
            port.map { number in [known.first { $0.number == number } ?? Port(number, .tcp, .rpc, "your choice")] }
            ?? known
        guard !wanted.isEmpty else {
            throw Problem(
                "\(node.name) has no RPC port that is known", cause: "it runs \(node.target)",
                fix: "name one with --port")
        }
        try refuseUnlessNumbered(wanted.count)
        return wanted.enumerated().map { index, port in
            PortForward(
                port: port.number, localPort: localPort.map { $0 + index } ?? port.number, purpose: port.purpose)
        }
    }

    /// How many follow the first port is known only once the node is.
    private func refuseUnlessNumbered(_ count: Int) throws {
        let highest = 65_535 - count + 1
        guard let localPort, localPort > highest else { return }
        throw Problem(
            "--local-port \(localPort) is too high for \(count) ports", cause: "they follow it, and 65535 is the last",
            fix: "--local-port \(highest) or less, or one port with --port", kind: .usage)
    }

    /// When one ends, all end.
    private static func runTogether(_ programs: [LocalProgram], _ node: Node) async throws {
        let ended = try await withThrowingTaskGroup(of: ProcessOutput.self) { group in
            for program in programs {
                group.addTask { try await ChildProcess.run(program.words, program.variables) }
            }
            let first = try await group.next()
            group.cancelAll()
            return first
        }
        throw Problem(
            "The tunnel to \(node.name) has ended with status \(ended?.status ?? 0)",
            fix: "the same command again, with --local-port if a port is in use here", kind: .tryLater)
    }
}

/// What `node tunnel --json` prints before it opens.
struct Tunnel: Codable {
    var node: String
    var ports: [PortForward]
}
