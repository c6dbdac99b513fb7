import CommandLineKit
import Engine

/// `cloudrails node list`
struct NodeList: Command {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the nodes in a region.",
        discussion: """
            One call to AWS per thousand nodes; nobody logs in anywhere: STATE, HEIGHT, LAG and DISK are what each node \
            writes about itself every five minutes. A question mark stands behind a state that is older than 15 minutes.
            """,
        examples: [
            .init("cloudrails node list", "The nodes in the region of your profile."),
            .init("cloudrails node list --region eu-central-1 --json", "Another region, for a program."),
        ])

    @OptionGroup var global: GlobalOptions

    func run(_ context: Context) async throws {
        let session = try await Session.open(global, context)
        var nodes: [Node] = []
        for try await page in session.environment.nodePages() { nodes += page }
        nodes.sort { $0.name < $1.name }
        try context.emit(NodeListing(region: session.region, nodes: nodes)) {
            Self.table(nodes).text(for: context.stdout)
        }
        if nodes.isEmpty { context.note("No node in \(session.region). To launch one: cloudrails node launch TARGET") }
    }

    private static func table(_ nodes: [Node]) -> Table {
        Table(
            ["NAME", "TARGET", "STATE", "HEIGHT", "LAG", "DISK", "TYPE", "ZONE", "ADDRESS", "LAUNCHED"],
            nodes.map { node in
                let reported = node.reported
                return [
                    node.name, node.target, state(node), reported?.height.map(String.init) ?? "-",
                    reported?.lag.map(String.init) ?? "-", reported?.disk.map { "\($0) %" } ?? "-", node.type,
                    node.zone, node.publicAddress ?? "-", String(node.launched.prefix(16)),
                ]
            }, keeping: [0, 2])
    }

    /// What the node does, where the machine runs and the node has said so; else what the machine does.
    private static func state(_ node: Node) -> String {
        guard node.state == "running", let reported = node.reported else { return node.state }
        return reported.isStale ? "\(reported.state)?" : reported.state
    }
}

/// What `node list --json` prints.
struct NodeListing: Codable {
    var region: String
    var nodes: [Node]
}
