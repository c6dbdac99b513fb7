import CommandLineKit
import Engine

/// `cloudrails node terminate NAME`
struct NodeTerminate: Command {
    static let configuration = CommandConfiguration(
        commandName: "terminate",
        abstract: "End a node for good, and wait until it is gone.",
        discussion: """
            The instance and its root volume are lost. The data volume, which holds days of syncing, is kept unless \
            --delete-data is given; a kept volume goes on costing money. Where it is kept, the client is stopped cleanly \
            first, which may take from seconds to half an hour; a node that cannot be reached is ended without.
            """,
        examples: [
            .init("cloudrails node terminate my-node", "Asks for the name to be typed; keeps the data volume."),
            .init(
                "cloudrails node terminate my-node --yes --delete-data", "Does not ask; deletes the data volume too."),
        ])

    @OptionGroup var global: GlobalOptions
    @OptionGroup var stop: CleanStopOptions
    @OptionGroup var plan: PlanOptions

    @Argument(help: "The node's name.", valueName: "name", completion: .custom("nodes"))
    var name: String

    @Flag(help: "Delete the data volume too.")
    var deleteData: Bool = false

    @Flag(short: "y", help: "Do not ask.")
    var yes: Bool = false

    func run(_ context: Context) async throws {
        try NodeName.validate(name)
        if !plan.dryRun { try context.requireAnswer(yes, flag: "--yes") }
        let session = try await Session.open(global, context)
        let node = try await session.environment.node(named: name)
        if node.isAlive { try askFirst(node, try await session.environment.dataVolume(of: node), context) }
        try await plan.run(session, remote: stop.remote) { environment in
            let gone = try await environment.terminate(node, deleteData: deleteData, stop.clean)
            guard !environment.isPlan else { return }
            try context.emit(gone) { gone.text }
        }
    }

    private func askFirst(_ node: Node, _ volume: DataVolume?, _ context: Context) throws {
        let cost = volume?.cost.map { ": \($0)" } ?? ""
        let data = node.dataVolume.map {
            "The data volume \($0) is \(deleteData ? "DELETED" : "kept, and goes on costing money\(cost)")."
        }
        context.note("\(node.name) (\(node.instance), \(node.target)) and its root volume will be lost. \(data ?? "")")
        if !plan.dryRun && !yes { try context.confirm("There is no way back.", byTyping: node.name) }
    }
}

extension TerminatedNode {
    fileprivate var text: String {
        let kept = keptVolume.map {
            """
             Its data volume \($0) is kept.
            To go on with it: cloudrails node launch \(node.target) --name \(node.name)
            To delete it:     cloudrails volume delete \($0)
            """
        }
        return "\(node.name) (\(node.instance)) is gone.\(kept ?? "")"
    }
}
