import CommandLineKit
import Synchronization
import Testing

@testable import Commands

@Suite struct HelpCommandTests {
    private func help(_ words: String...) async throws -> String {
        let out = Mutex("")
        let context = Context(
            environment: [:], stdout: Terminal(isTTY: false), stderr: Terminal(isTTY: false), canAsk: false,
            writeOut: { text in out.withLock { $0 += text } }, writeError: { _ in })
        try await Parser(Cloudrails.self).parse(["help"] + words).command.run(context)
        return out.withLock(\.self)
    }

    @Test func showsCommandsAndTopics() async throws {
        #expect(try await help() == Help.text([Cloudrails.self]) + "\n")
        #expect(
            try await help("node", "launch") == Help.text([Cloudrails.self, NodeCommand.self, NodeLaunch.self]) + "\n")
        for topic in HelpTopic.allCases { #expect(try await help(topic.rawValue) == topic.text + "\n") }
    }

    @Test func topicsNamesEveryTopic() {
        for topic in HelpTopic.allCases where topic != .topics {
            #expect(HelpTopic.topics.text.contains("cloudrails help \(topic.rawValue)"))
        }
    }

    @Test(arguments: [(["nod"], "node"), (["node", "lanch"], "launch"), (["exit-code"], "exit-codes")])
    func guesses(words: [String], meant: String) async {
        await #expect {
            try await Parser(Cloudrails.self).parse(["help"] + words).command.run(
                Context(
                    environment: [:], stdout: Terminal(isTTY: false), stderr: Terminal(isTTY: false), canAsk: false,
                    writeOut: { _ in }, writeError: { _ in }))
        } throws: {
            ($0 as? UsageError)?.suggestion == meant
        }
    }

    @Test func everyExitCodeIsExplained() {
        let codes: [ExitCode] = [
            .success, .failure, .usage, .unavailable, .software, .temporary, .noPermission, .configuration,
            .interrupted,
        ]
        let explained = HelpTopic.exitCodes.text.split(separator: "\n").compactMap { Int32($0.prefix { $0 != " " }) }
        #expect(explained == codes.map(\.rawValue))
    }
}
