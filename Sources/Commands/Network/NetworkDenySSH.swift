import CommandLineKit
import Engine

/// `cloudrails network deny-ssh CIDR`
struct NetworkDenySSH: Command {
    static let configuration = CommandConfiguration(
        commandName: "deny-ssh",
        abstract: "Close port 22 of all nodes of the network to a range of addresses.",
        discussion: "Ends no session that is open. A range that is closed already is no error.",
        examples: [
            .init("cloudrails network deny-ssh me", "Close it to the address that you call from."),
            .init("cloudrails network deny-ssh all", "Close it to everybody."),
        ])

    @OptionGroup var global: GlobalOptions
    @OptionGroup var plan: PlanOptions

    @Argument(help: "A range of IPv4 addresses as it was opened, 'me', or 'all'.", valueName: "cidr")
    var source: String

    @Option(help: "The network's name.", valueName: "name")
    var network: String = "blockchain-nodes"

    func run(_ context: Context) async throws {
        try NodeName.validate(network)
        let source = self.source == "all" ? nil : try SSHSource(self.source)
        let session = try await Session.open(global, context)
        let range = try await source?.address(session)
        try await plan.run(session) { environment in
            let access = try await environment.denySSH(NetworkNames(network: network), from: range)
            if !environment.isPlan { try context.emit(access) { access.text } }
        }
    }
}
