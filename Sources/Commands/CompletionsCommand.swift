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
        case .custom("subjects"): print(subjects, context)
        case .custom("volumes"):
            print(await fromAWS(context) { try await $0.dataVolumes().map(\.id) }, context)
        case .custom("images"):
            print(await fromAWS(context) { try await $0.images().map(\.id) }, context)
        case .custom: print(await fromAWS(context) { try await $0.allNodeNames() }, context)
        }
    }

    /// What `help` knows: commands, and at first topics.
    private var subjects: [String] {
        let typed = words.dropFirst().dropLast().filter { !$0.hasPrefix("-") }
        var below = Cloudrails.configuration.subcommands.map { $0.configuration }
        for word in typed { below = below.first { $0.commandName == word }?.subcommands.map { $0.configuration } ?? [] }
        let commands = below.filter(\.shouldDisplay).map(\.commandName)
        return typed.isEmpty ? commands + HelpTopic.allCases.map(\.rawValue) : commands
    }

    /// What AWS knows in the region and profile that are being typed; nothing where it does not say so within a moment, as a
    /// shell waits meanwhile.
    private func fromAWS(
        _ context: Context, _ look: @escaping @Sendable (Engine.Environment) async throws -> [String]
    ) async -> [String] {
        let ask = Task { [context = context.silenced(), words] in
            let typed = GlobalOptions()
            typed.profile = Completions.value(of: "profile", in: words)
            typed.region = Completions.value(of: "region", in: words)
            return try await look(Session.open(typed, context, isHurried: true).environment)
        }
        let limit = Task {
            try await Task.sleep(for: .seconds(2))
            ask.cancel()
        }
        defer { limit.cancel() }
        return (try? await ask.value) ?? []
    }

    private func print(_ candidates: [String], _ context: Context) {
        for candidate in candidates where candidate.hasPrefix(words.last ?? "") { context.print(candidate) }
    }
}
