import CommandLineKit
import Engine

/// `cloudrails network allow-ssh CIDR`
struct NetworkAllowSSH: Command {
    static let configuration = CommandConfiguration(
        commandName: "allow-ssh",
        abstract: "Open port 22 of all nodes of the network to a range of addresses.",
        discussion:
            "Nodes can be reached through Systems Manager without it. A range that is open already is no error.",
        examples: [
            .init("cloudrails network allow-ssh me", "Open it to the address that you call from."),
            .init("cloudrails network allow-ssh 203.0.113.0/24", "Open it to an office."),
        ])

    @OptionGroup var global: GlobalOptions
    @OptionGroup var plan: PlanOptions

    @Argument(help: "A range of IPv4 addresses, or 'me'.", valueName: "cidr")
    var source: String

    @Option(help: "The network's name.", valueName: "name")
    var network: String = "blockchain-nodes"

    func run(_ context: Context) async throws {
        try NodeName.validate(network)
        let source = try SSHSource(source)
        let session = try await Session.open(global, context)
        let range = try await source.resolve(session)
        try await plan.run(session) { environment in
            let access = try await environment.allowSSH(NetworkNames(network: network), from: range)
            if !environment.isPlan { try context.emit(access) { access.text } }
        }
    }
}

extension SSHAccess {
    /// Who may reach port 22 now.
    var text: String {
        let who = openTo.isEmpty ? "closed" : "open to \(openTo.joined(separator: ", "))"
        return "Port 22 of the nodes in \(network) is \(who)\(isChanged ? "" : ", as it was")."
    }
}
