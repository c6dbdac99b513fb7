import CommandLineKit
import Engine

/// `cloudrails network delete`
struct NetworkDelete: Command {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Delete the network, in the order in which AWS lets go of it.",
        discussion: """
            Refuses while nodes or other people's things live in it, and names them. Deletes only what carries the tag \
            cloudrails:network. The private key on this machine is kept, and used again by the next network. The IAM role \
            is kept while another region has a network or a node of yours, as IAM is global.
            """,
        examples: [
            .init("cloudrails network delete", "Ask, then delete the network."),
            .init("cloudrails network delete --yes", "Delete without asking."),
            .init("cloudrails network delete --dry-run", "List the calls that would be made, and make none."),
        ])

    @OptionGroup var global: GlobalOptions
    @OptionGroup var options: NetworkOptions
    @OptionGroup var plan: PlanOptions

    @Flag(short: "y", help: "Do not ask.")
    var yes: Bool = false

    func run(_ context: Context) async throws {
        let names = try options.names()
        if !plan.dryRun { try context.requireAnswer(yes, flag: "--yes") }
        let session = try await Session.open(global, context)
        let network = try await session.environment.discoverNetwork(names)
        guard !network.isAbsent || network.role != nil else {
            return try report(context, session, names.network, deleted: false, kept: [])
        }
        if !plan.dryRun && !yes {
            try context.confirm("Delete the network \(names.network) in \(session.region), account-wide role included?")
        }
        try await plan.run(session) { environment in
            let kept = try await environment.deleteNetwork(network)
            if !environment.isPlan { try report(context, session, names.network, deleted: true, kept: kept) }
        }
    }

    private func report(
        _ context: Context, _ session: Session, _ name: String, deleted: Bool, kept: [String]
    ) throws {
        let result = NetworkDeletion(network: name, region: session.region, deleted: deleted, kept: kept)
        try context.emit(result) {
            deleted
                ? (["The network \(name) in \(session.region) is deleted."] + kept.map { "Kept: \($0)" })
                    .joined(separator: "\n")
                : "There is no network \(name) in \(session.region)."
        }
    }
}

/// What `network delete --json` prints.
struct NetworkDeletion: Codable {
    var network: String
    var region: String
    var deleted: Bool
    var kept: [String]
}
