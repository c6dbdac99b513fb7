import AWS
public import CommandLineKit
public import Engine

/// How a node is reached, for every command that reaches into one.
struct RemoteOptions: OptionGroupArguments {
    @Option(
        help: """
            How to reach the node: ssm (Systems Manager) or ssh. Default: ssm, else ssh where port 22 is open to you; 'node \
            ssh' and 'node tunnel' try ssh first.
            """,
        valueName: "route")
    var via: RemoteRoute?

    @Option(
        help: "The private key for ssh. Default: ~/.config/cloudrails/keys/<key pair of the node>.pem.",
        valueName: "file", completion: .file)
    var keyFile: String?

    init() {}

    /// The session's environment, with what the routes need to know.
    func environment(_ session: Session) throws -> Environment {
        let context = session.context
        var environment = session.environment
        environment.remoteSettings = RemoteSettings(
            ssh: try Self.program(context), keyFile: keyFile, keyFolder: ConfigurationFolder.keys(context),
            knownHosts: "\(ConfigurationFolder.path(context))/known_hosts",
            ssmEndpoint: session.settings.endpoint(for: .ssm).url, variables: context.environment,
            ownAddress: { try await SSHSource.me.address(session) })
        return environment
    }

    /// `CLOUDRAILS_SSH`: the program, and options that go before ours, parted as a shell would.
    private static func program(_ context: Context) throws -> [String] {
        guard let text = context.environment["CLOUDRAILS_SSH"], !text.isEmpty else { return ["/usr/bin/ssh"] }
        guard let words = ShellWords.split(text), !words.isEmpty else {
            throw Problem(
                "CLOUDRAILS_SSH is '\(text)'", cause: "a quote is left open", fix: "unset CLOUDRAILS_SSH", kind: .usage)
        }
        return words
    }
}

extension RemoteRoute: ExpressibleByArgument {}
