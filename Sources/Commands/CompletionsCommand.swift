import ChainKit
import ChainRegistry
import CommandLineKit
import Engine

/// `cloudrails completions SHELL`
struct CompletionsCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "completions",
        abstract: "Print the completions for bash, zsh or fish.",
        discussion: "They know commands, options and targets, and with credentials the names of your nodes.",
        examples: [
            .init("source <(cloudrails completions bash)", "For this bash; put the line into ~/.bashrc to keep it."),
            .init("cloudrails completions fish | source", "For this fish."),
        ])

    @OptionGroup var global: GlobalOptions

    @Argument(help: "bash, zsh or fish.", valueName: "shell")
    var shell: Completions.Shell

    func run(_ context: Context) async throws { context.print(Completions.script(shell, program: Cloudrails.name)) }
}

/// `cloudrails __complete -- WORDS`: what the completion scripts ask. Silent where nothing is known.
struct Complete: Command {
    static let configuration = CommandConfiguration(
        commandName: "__complete", abstract: "Offer words to a shell.",
        examples: [.init("cloudrails __complete -- chains ''", "What may follow 'chains'.")], shouldDisplay: false)

    @OptionGroup var global: GlobalOptions

    @Argument(help: "All words so far, the one that is being typed last.")
    var words: [String]

    func run(_ context: Context) async throws {
        switch Completions.offer(words, root: Cloudrails.self) {
        case .words(let words): print(words, context)
        case .files: context.print(":files")
        case .custom("targets"): print(ChainRegistry.profiles.map(\.target.description), context)
        case .custom: print((try? await nodeNames(context)) ?? [], context)
        }
    }

    private func nodeNames(_ context: Context) async throws -> [String] {
        try await Session.open(global, context).environment.allNodeNames()
    }

    private func print(_ candidates: [String], _ context: Context) {
        for candidate in candidates where candidate.hasPrefix(words.last ?? "") { context.print(candidate) }
    }
}
