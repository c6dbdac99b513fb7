import CommandLineKit
import Engine

/// `cloudrails node show NAME`
struct NodeShow: Command {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show one node: machine, disk, addresses, and how to reach it.",
        examples: [.init("cloudrails node show my-node", "Show the node of that name.")])

    @OptionGroup var global: GlobalOptions

    @Argument(help: "The node's name.", valueName: "name", completion: .custom("nodes"))
    var name: String

    func run(_ context: Context) async throws {
        try NodeName.validate(name)
        let session = try await Session.open(global, context)
        var node = try await session.environment.node(named: name)
        node.initialization = try await session.environment.initialization(of: node)
        try context.emit(node) { Self.text(node) }
    }

    private static func text(_ node: Node) -> String {
        let rows: [(String, String?)] = [
            ("Name", node.name), ("Target", node.target), ("State", node.state), ("Reason", node.stateReason),
            ("Status", node.status), ("Instance", node.instance),
            ("Type", "\(node.type) (\(node.architecture))\(node.isSpot ? ", spot" : "")"), ("Zone", node.zone),
            ("Address", node.publicAddress), ("Inside", node.privateAddress), ("VPC", node.vpc),
            ("Subnet", node.subnet), ("Groups", node.securityGroups.joined(separator: ", ")),
            ("Key pair", node.keyPair),
            ("Image", node.image), ("Launched", node.launched),
            (
                "Data",
                node.dataVolume.map { "\($0), \(node.deletesData ? "deleted" : "kept") when the node is terminated" }
            ),
            ("Loading", node.initialization.map { "\($0.inWords), from the image's snapshot" }),
            ("Log in", "cloudrails node ssh \(node.name)"),
        ]
        return rows.compactMap { label, value in
            guard let value, !value.isEmpty else { return nil }
            return label + String(repeating: " ", count: 10 - label.count) + value
        }.joined(separator: "\n")
    }
}
