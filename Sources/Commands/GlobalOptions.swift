import CommandLineKit

/// Options that every command takes.
struct GlobalOptions: OptionGroupArguments {
    @Option(
        help: "The AWS profile. Default: AWS_PROFILE, else 'blockchain-nodes' if there is one, else 'default'.",
        valueName: "name")
    var profile: String?

    @Option(help: "The AWS region. Default: AWS_REGION, else the profile's.", valueName: "name")
    var region: String?

    @Flag(help: "Print the result as JSON; see 'cloudrails help json'.")
    var json: Bool = false

    @Flag(short: "q", help: "No talk but warnings and errors.")
    var quiet: Bool = false

    @Flag(help: "Show every call to AWS with its time and request id, on stderr.")
    var debug: Bool = false

    @Flag(help: "No colours.")
    var noColor: Bool = false

    init() {}
}
