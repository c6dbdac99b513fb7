import CommandLineKit
import Engine

/// `cloudrails node logs NAME`
struct NodeLogsCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "logs",
        abstract: "Show what a node's services and its installation have written.",
        examples: [
            .init("cloudrails node logs my-node", "The newest hundred lines."),
            .init("cloudrails node logs my-node -f", "Go on with new ones, until Ctrl-C."),
        ])

    @OptionGroup var global: GlobalOptions
    @OptionGroup var remote: RemoteOptions

    @Argument(help: "The node's name.", valueName: "name", completion: .custom("nodes"))
    var name: String

    @Flag(short: "f", help: "Go on with new lines, until Ctrl-C.")
    var follow: Bool = false

    @Option(help: "How many lines, the newest ones.", valueName: "number")
    var lines: Int = 100

    static let isView = true

    func validate() throws {
        if follow && global.json { throw UsageError("--follow does not go with --json") }
        if lines < 0 { throw UsageError("--lines is 0 or more") }
    }

    func run(_ context: Context) async throws {
        try NodeName.validate(name)
        let session = try await Session.open(global, context)
        let environment = try remote.environment(session)
        let node = try await environment.node(named: name)
        var log = try await environment.log(of: node, last: lines, via: remote.via)
        guard follow else {
            let result = NodeLogs(node: name, lines: log.lines)
            return try context.emit(result) { log.lines.joined(separator: "\n") }
        }
        while true {
            if !log.lines.isEmpty { context.print(log.lines.joined(separator: "\n")) }
            try await Task.sleep(for: .seconds(2))
            // Without a place to go on from, only what is new by then is asked for.
            log = try await environment.log(
                of: node, last: log.cursor == nil ? lines : nil, after: log.cursor, via: remote.via)
        }
    }
}

/// What `node logs --json` prints.
struct NodeLogs: Codable {
    var node: String
    var lines: [String]
}
