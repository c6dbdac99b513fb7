import CommandLineKit
import Engine

/// `cloudrails node list`
struct NodeList: Command {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the nodes in a region.",
        discussion: "One call to AWS per thousand nodes; nobody logs in anywhere.",
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
            ["NAME", "TARGET", "STATE", "TYPE", "ZONE", "ADDRESS", "LAUNCHED"],
            nodes.map {
                [
                    $0.name, $0.target, $0.state, $0.type, $0.zone, $0.publicAddress ?? "-",
                    String($0.launched.prefix(16)),
                ]
            }, keeping: [0])
    }
}

/// What `node list --json` prints.
struct NodeListing: Codable {
    var region: String
    var nodes: [Node]
}
