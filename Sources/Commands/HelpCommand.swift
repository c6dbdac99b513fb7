import CommandLineKit

/// `cloudrails help [COMMAND … | TOPIC]`
struct HelpCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "help",
        abstract: "Show the help of a command or a topic.",
        examples: [
            .init("cloudrails help node launch", "The help of a command."),
            .init("cloudrails help topics", "What else there is to read."),
        ])

    @OptionGroup var global: GlobalOptions

    @Argument(
        help: "A command, or a topic: topics, environment, exit-codes, json.", valueName: "subject",
        completion: .custom("subjects"))
    var subject: [String]

    func run(_ context: Context) async throws {
        if subject.count == 1, let topic = HelpTopic(rawValue: subject[0]) { return context.print(topic.text) }
        var path: [any Command.Type] = [Cloudrails.self]
        for word in subject {
            let below = path[path.count - 1].configuration.subcommands
            guard let next = below.first(where: { $0.configuration.commandName == word }) else {
                let known = below.map { $0.configuration.commandName } + HelpTopic.allCases.map(\.rawValue)
                throw UsageError(
                    "there is no help on '\(subject.joined(separator: " "))'",
                    suggestion: Suggestion.nearest(to: word, in: known))
            }
            path.append(next)
        }
        context.print(Help.text(path, width: context.stdout.width))
    }
}

/// What is not about one command.
enum HelpTopic: String, CaseIterable {
    case topics, environment
    case exitCodes = "exit-codes"
    case json

    var text: String {
        switch self {
        case .topics:
            """
            cloudrails help environment   variables and files that are read
            cloudrails help exit-codes    what the exit codes mean
            cloudrails help json          how --json works
            """
        case .environment:
            """
            Settings are taken from options first, then the environment, then the profile.

            Whose account, and which region
              AWS_PROFILE, AWS_DEFAULT_PROFILE
                  the profile; without it 'blockchain-nodes' if there is one, else 'default'
              AWS_REGION, AWS_DEFAULT_REGION
                  the region
              AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN (or AWS_SECURITY_TOKEN), AWS_CREDENTIAL_EXPIRATION
                  keys; --profile passes them over
              AWS_ROLE_ARN, AWS_ROLE_SESSION_NAME, AWS_WEB_IDENTITY_TOKEN_FILE
                  a role that is taken with a token from a file
              AWS_CONTAINER_CREDENTIALS_RELATIVE_URI, AWS_CONTAINER_CREDENTIALS_FULL_URI
              AWS_CONTAINER_AUTHORIZATION_TOKEN, AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE
                  the credentials of a container
              AWS_EC2_METADATA_DISABLED, AWS_EC2_METADATA_SERVICE_ENDPOINT, AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE
              AWS_METADATA_SERVICE_TIMEOUT, AWS_METADATA_SERVICE_NUM_ATTEMPTS
                  the metadata service of an EC2 instance
              AWS_CONFIG_FILE, AWS_SHARED_CREDENTIALS_FILE
                  the shared files; ~/.aws/config and ~/.aws/credentials

            How AWS is called
              AWS_ENDPOINT_URL, AWS_ENDPOINT_URL_EC2, _IAM, _SSM, _STS, _SSO, _SSO_OIDC
                  other endpoints than AWS's own; AWS_IGNORE_CONFIGURED_ENDPOINT_URLS passes them over
              AWS_USE_FIPS_ENDPOINT, AWS_USE_DUALSTACK_ENDPOINT
                  true for endpoints of that kind
              AWS_MAX_ATTEMPTS, AWS_RETRY_MODE
                  attempts per call, the first included; 3
              AWS_CA_BUNDLE
                  certificate authorities
              HTTPS_PROXY, NO_PROXY
                  proxies

            cloudrails itself
              NO_COLOR, TERM
                  NO_COLOR with any value and TERM=dumb: no colours
              HOME, XDG_CONFIG_HOME
                  private keys are kept in $XDG_CONFIG_HOME/cloudrails/keys, else in ~/.config/cloudrails/keys, and the \
                  nodes' host keys beside them in known_hosts
              CLOUDRAILS_CONSISTENCY_WINDOW
                  seconds for which AWS may not show what it made; 10
              CLOUDRAILS_CHECKIP_URL
                  the service that says which address is yours; https://checkip.amazonaws.com
              CLOUDRAILS_SSH
                  ssh, and options that go before those of cloudrails, such as 'ssh -J bastion'; /usr/bin/ssh
            """
        case .exitCodes:
            """
            0    done
            1    AWS, or what is in the account, stands in the way
            64   what was typed makes no sense; nothing was done
            69   the endpoint cannot be reached
            70   a fault of cloudrails
            75   it may work later: capacity, throttling, an answer that was lost
            77   credentials or permissions are missing, or expired
            78   a setting or a configuration file is wrong or missing
            130  interrupted
            """
        case .json:
            """
            With --json a command prints one JSON value on stdout and nothing else; talk, warnings and errors go to \
            stderr as text. A command that fails prints nothing on stdout. Keys are sorted; a key without a value is \
            left out. Keys are only ever added. docs/json.md describes the value of each command.
            """
        }
    }
}
