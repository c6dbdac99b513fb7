import CommandLineKit

/// `cloudrails chains`
struct Chains: Command {
    static let configuration = CommandConfiguration(
        commandName: "chains",
        abstract: "What can be run, and with what.",
        examples: [.init("cloudrails chains list", "The image table: every target with its newest image.")],
        subcommands: [ChainsList.self, ChainsShow.self])

    @OptionGroup var global: GlobalOptions
}
