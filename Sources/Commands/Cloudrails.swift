import CommandLineKit

/// The root of the tree of commands.
struct Cloudrails: Command {
    static let name = "cloudrails"

    static let configuration = CommandConfiguration(
        commandName: name,
        abstract: "Full nodes of many blockchains on your own AWS account.",
        discussion: """
            A node is one command: network, key, role and instance are made where they are missing, and a run that was \
            cut short is finished by running it again. AWS itself holds all state, in tags.
            """,
        examples: [
            .init("cloudrails chains list", "See what can be run."),
            .init("cloudrails node launch ethereum.org/geth-mainnet", "Run it."),
            .init("cloudrails node list", "See what runs."),
        ],
        subcommands: [
            Chains.self, NetworkCommand.self, NodeCommand.self, VolumeCommand.self, ImageCommand.self,
            HelpCommand.self, CompletionsCommand.self, VersionCommand.self, Complete.self,
        ])

    @OptionGroup var global: GlobalOptions
}

/// `cloudrails network`
struct NetworkCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "network",
        abstract: "The VPC that nodes live in, and what hangs on it.",
        examples: [.init("cloudrails network create", "Make it, once per region.")],
        subcommands: [
            NetworkCreate.self, NetworkShow.self, NetworkAllowSSH.self, NetworkDenySSH.self, NetworkDelete.self,
        ])

    @OptionGroup var global: GlobalOptions
}

/// `cloudrails node`
struct NodeCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "node",
        abstract: "Launch, watch, reach, stop, resize, upgrade and terminate nodes.",
        examples: [
            .init("cloudrails node launch bitcoin.org/mainnet", "Launch a node."),
            .init("cloudrails node status bitcoin.org-mainnet --watch", "See how far it is."),
        ],
        subcommands: [
            NodeLaunch.self, NodeList.self, NodeShow.self, NodeStatusCommand.self, NodeWaitCommand.self,
            NodeLogsCommand.self, NodeSSH.self, NodeTunnel.self, NodeStart.self, NodeStop.self, NodeRestart.self,
            NodeResize.self, NodeUpgradeCommand.self, NodeTerminate.self, NodeUserData.self,
        ])

    @OptionGroup var global: GlobalOptions
}

/// Runs a command line and tells how it ended.
public enum Program {
    /// - Parameter words: all words after the program's name.
    /// - Returns: the exit code.
    public static func run(_ words: [String]) async -> Int32 {
        let plain = Context.ofProcess(isJSON: false, isQuiet: false, noColour: false)
        do {
            let parsed = try Parser(Cloudrails.self).parse(words)
            let global = globalOptions(parsed.command)
            let context = Context.ofProcess(isJSON: global.json, isQuiet: global.quiet, noColour: global.noColor)
            return await run(parsed, global, context).rawValue
        } catch ParsingOutcome.help(let path) {
            plain.print(Help.text(path, width: plain.stdout.width))
            return ExitCode.success.rawValue
        } catch ParsingOutcome.usage(let error, let path) {
            plain.fail(error.diagnostic(help: Help.name(path)))
            return ExitCode.usage.rawValue
        } catch {
            let diagnostic = Diagnosis.of(error, region: nil)
            plain.fail(diagnostic)
            return diagnostic.exitCode.rawValue
        }
    }

    private static func run(_ parsed: ParsedCommand, _ global: GlobalOptions, _ context: Context) async -> ExitCode {
        // Only this task touches the command from here on.
        nonisolated(unsafe) let command = parsed.command
        let isView = type(of: command).isView
        do {
            try await Interruption.run(
                said: {
                    if isView { return }
                    context.note(
                        "Stopping. What was made stays; the same command goes on from there. Again: stop at once.")
                },
                { try await command.run(context) })
            return .success
        } catch is HelpRequest {
            context.print(Help.text(parsed.path, width: context.stdout.width))
            return .success
        } catch let request as ExitRequest {
            return request.code
        } catch is CancellationError where isView {
            return .interrupted
        } catch {
            let diagnostic = Diagnosis.of(error, region: global.region)
            context.fail(diagnostic)
            return diagnostic.exitCode
        }
    }

    private static func globalOptions(_ command: any Command) -> GlobalOptions {
        Mirror(reflecting: command).children.compactMap { ($0.value as? OptionGroup<GlobalOptions>)?.wrappedValue }
            .first
            ?? GlobalOptions()
    }
}
