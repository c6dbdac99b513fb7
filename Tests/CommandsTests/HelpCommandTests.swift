import CommandLineKit
import Foundation
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

    /// Every variable that the sources name has to be explained, apart from those of the script that runs on a node, and from
    /// the one in which a session goes to AWS's plugin.
    @Test func everyVariableIsExplained() throws {
        let sources = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Sources").standardized
        let onTheNode: Set = [
            "CLOUDRAILS_DEVICE", "CLOUDRAILS_DOMAIN", "CLOUDRAILS_NODE", "CLOUDRAILS_REGION", "CLOUDRAILS_TARGET",
        ]
        let towardsPlugin: Set = ["AWS_SSM_START_SESSION_RESPONSE"]
        let files = try #require(FileManager.default.enumerator(atPath: sources.path)).compactMap { $0 as? String }
        var found: Set<String> = []
        for file in files where file.hasSuffix(".swift") {
            let text = try String(contentsOf: sources.appending(path: file), encoding: .utf8)
            let names = text.matches(of: /"((?:AWS|CLOUDRAILS|XDG)_[A-Z0-9_]*[A-Z])"/).map { String($0.output.1) }
            found.formUnion(names)
        }
        #expect(found.count > 20)
        for name in found.subtracting(onTheNode).subtracting(towardsPlugin).sorted() {
            #expect(HelpTopic.environment.text.contains(name), "\(name)")
        }
    }
}
