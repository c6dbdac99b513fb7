import AWS
import CommandLineKit
import Engine

/// `cloudrails node ssh NAME`
struct NodeSSH: Command {
    static let configuration = CommandConfiguration(
        commandName: "ssh",
        abstract: "Log in to a node, or run a command on it.",
        discussion: """
            By SSH where port 22 is open to you; else by Systems Manager, for which a log-in needs session-manager-plugin and a \
            command needs nothing. A command runs as the user ubuntu; its words reach it as they are, so 'sh -c' is needed for \
            pipes and wildcards. The exit code is the command's.
            """,
        examples: [
            .init("cloudrails node ssh my-node", "A shell on the node."),
            .init("cloudrails node ssh my-node -- df -h /data", "One command."),
        ])

    @OptionGroup var global: GlobalOptions
    @OptionGroup var remote: RemoteOptions

    @Argument(help: "The node's name.", valueName: "name", completion: .custom("nodes"))
    var name: String

    @Argument(help: "A command and its arguments, after '--'.", valueName: "command")
    var command: [String]

    func run(_ context: Context) async throws {
        try NodeName.validate(name)
        let session = try await Session.open(global, context)
        let environment = try remote.environment(session)
        let node = try await environment.node(named: name)
        if command.isEmpty { try await environment.login(to: node, via: remote.via).become() }
        switch try await environment.userCommand(command, on: node, via: remote.via) {
        case .program(let program): try program.become()
        case .ended(let result):
            context.relay(result.stdout, result.stderr)
            throw ExitRequest(ExitCode(rawValue: Int32(clamping: result.exitCode)))
        }
    }
}

extension LocalProgram {
    /// This process becomes the program.
    func become() throws -> Never {
        try Task.checkCancellation()
        try ChildProcess.become(words, environment: variables)
    }
}
