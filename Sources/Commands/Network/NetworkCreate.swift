import CommandLineKit
import Engine

/// `cloudrails network create`
struct NetworkCreate: Command {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Make what the network lacks; nothing when it lacks nothing.",
        discussion: """
            Makes, once per region: a key pair (the private half stays on this machine), a VPC with an internet gateway, a \
            route table, one public subnet per availability zone and a gateway endpoint to S3, a security group with no \
            port open, and the IAM role of the nodes. Nothing of this costs anything while no node runs. A run that was \
            cut short is finished by running the same command again.
            """,
        examples: [
            .init("cloudrails network create", "Make the network in the region of your profile."),
            .init("cloudrails network create --ssh-from me", "Open port 22 to the address that you call from."),
            .init("cloudrails network create --dry-run", "List the calls that would be made, and make none."),
        ])

    @OptionGroup var global: GlobalOptions
    @OptionGroup var options: NetworkOptions
    @OptionGroup var plan: PlanOptions

    @Option(help: "Open port 22 to a range of IPv4 addresses, or to 'me'.", valueName: "cidr")
    var sshFrom: String?

    func run(_ context: Context) async throws {
        let range = try sshFrom.map(SSHSource.init)
        let names = try options.names()
        let keyFile = try options.keyFilePath(context)
        let session = try await Session.open(global, context)
        let request = NetworkRequest(
            names: names, keyFile: keyFile, sshFrom: try await range?.resolve(session),
            takesRoleAsItIs: options.role != nil)
        try await plan.run(session) { environment in
            let found = try await environment.discoverNetwork(names)
            let network = try await environment.ensureNetwork(request, found: found)
            guard !environment.isPlan else { return }
            let report = network.report(region: session.region)
            try context.emit(report) { NetworkTree.draw(report) }
        }
    }
}
