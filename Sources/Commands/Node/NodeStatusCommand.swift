import CommandLineKit
import Engine

/// `cloudrails node status NAME`
struct NodeStatusCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Ask a node how far it is: height, rate, time to the head, peers, disk, services.",
        discussion: """
            Where the node cannot be reached, what it last wrote into its tag is shown with its age; a warning says why.
            """,
        examples: [
            .init("cloudrails node status my-node", "Ask once."),
            .init("cloudrails node status my-node --watch", "Look every few seconds, until Ctrl-C."),
        ])

    @OptionGroup var global: GlobalOptions
    @OptionGroup var remote: RemoteOptions

    @Argument(help: "The node's name.", valueName: "name", completion: .custom("nodes"))
    var name: String

    @Flag(short: "w", help: "Look again and again, until Ctrl-C; in a pipe, a line for each look.")
    var watch: Bool = false

    @Option(help: "Seconds between two looks.", valueName: "seconds")
    var interval: Int = 5

    static let isView = true

    func validate() throws {
        if watch && global.json { throw UsageError("--watch does not go with --json") }
        if interval < 1 { throw UsageError("--interval is 1 or more") }
    }

    func run(_ context: Context) async throws {
        try NodeName.validate(name)
        let session = try await Session.open(global, context)
        let environment = try remote.environment(session)
        let node = try await environment.node(named: name)
        if watch { return try await follow(node, environment, context) }
        let report = try await environment.status(of: node, via: remote.via)
        try context.emit(report) { StatusText(report: report, terminal: context.stdout).lines.joined(separator: "\n") }
    }

    private func follow(_ node: Node, _ environment: Environment, _ context: Context) async throws {
        var history = StatusHistory()
        var frame = WatchFrame(context.stdout)
        var environment = environment
        if context.stdout.isLive { environment.events = frame.talk.sink(context, environment.events) }
        while true {
            let report = try await environment.status(
                of: try await environment.node(named: node.name), via: remote.via)
            history.add(report)
            if context.stdout.isLive {
                let text = StatusText(report: report, rates: history.rates, terminal: context.stdout)
                context.print(frame.text(text.lines))
            } else {
                context.print(Self.line(report))
            }
            try await Task.sleep(for: .seconds(interval))
        }
    }

    private static func line(_ report: NodeReport) -> String {
        let figures = [
            report.height.map { "height \($0)" }, report.networkHeight.map { "of \($0)" },
            report.rate.map { "\($0) blocks a minute" }, report.diskPercent.map { "disk \($0) %" },
        ]
        return ([report.at, report.state] + figures.compactMap { $0 }).joined(separator: "\t")
    }
}

/// What the looks of a watch have shown.
struct StatusHistory {
    private var last: (moment: Double, height: Int)?
    /// Blocks a minute between two looks, the newest forty.
    private(set) var rates: [Double] = []

    mutating func add(_ report: NodeReport) {
        guard let height = report.height, let moment = report.moment else { return }
        if let last, moment > last.moment {
            rates.append(max(0, Double(height - last.height)) / (moment - last.moment) * 60)
            rates = rates.suffix(40)
        }
        if last.map({ moment > $0.moment }) ?? true { last = (moment, height) }
    }
}
