import ChainKit
import Foundation
import NodeTemplate
import TestSupport
import Testing

@testable import Engine

@Suite struct UserDataTests {
    private func make(
        _ profile: TestProfile = TestProfile(), node: String = "n", _ architecture: Architecture = .arm64,
        region: String = "us-east-2", data: UserData.Data = .new
    ) throws -> UserData {
        try UserData.make(profile: profile, node: node, architecture: architecture, region: region, data: data)
    }

    /// The parts that the script writes, by name.
    private func parts(_ data: UserData) throws -> [String: String] {
        let text = String(decoding: data.script, as: UTF8.self)
        let matches = text.matches(of: /(?ms)^cat >"\$release\/(\S+)"\.new <<'(\w+)'\n(.*?)^\2\n/)
        return Dictionary(uniqueKeysWithValues: matches.map { (String($0.output.1), String($0.output.3)) })
    }

    /// What bash makes of the settings.
    private func values(_ data: UserData, _ names: [String]) throws -> [String] {
        let settings = try #require(try parts(data)["node.env"])
        let print = names.map { "printf '%s\\0' \"$\($0)\"\n" }.joined()
        let output = try Tool.run(["bash", "-eu"], input: Array((settings + print).utf8))
        return output.split(separator: 0, omittingEmptySubsequences: false).dropLast().map {
            String(decoding: $0, as: UTF8.self)
        }
    }

    // MARK: The same launch, the same bytes

    @Test func theSameLaunchGivesTheSameBytes() async throws {
        var profile = TestProfile()
        profile.settings = Dictionary(uniqueKeysWithValues: (0..<30).map { ("EXAMPLE_\($0)", "\($0)") })
        let first = try make(profile)
        for _ in 0..<5 { #expect(try make(profile).script == first.script) }
        #expect(try await make(profile).sent() == (try await first.sent()))
        #expect(try make(profile, node: "other").script != first.script)
        #expect(try make(profile, .x86).script != first.script)
    }

    /// An upgrade sends what a launch sends, and shall know by its folder that it runs already.
    @Test func theReleaseIsTheSameWhateverTheVolumeHolds() throws {
        let (new, existing) = try (make(data: .new), make(data: .existing))
        #expect(try parts(new) == parts(existing))
        let boot = #""$release/cloudrails-node" boot "$INSTANCE_ID" "#
        let text = String(decoding: new.script, as: UTF8.self)
        #expect(text.contains("\(boot)new\n"))
        #expect(existing.script == Array(text.replacing("\(boot)new\n", with: "\(boot)existing\n").utf8))
    }

    /// The longer one is more than a pipe holds.
    @Test(arguments: [30_000, 300_000]) func aPackedScriptIsTheSameEveryTime(count: Int) async throws {
        let data = try make(large(count, like: "chain_install() { echo something; }\n"))
        #expect(data.script.count > UserData.limit)
        let sent = try await data.sent()
        #expect(sent == (try await data.sent()) && sent.starts(with: [0x1F, 0x8B]))
        #expect(try Tool.run(["gzip", "-dc"], input: sent) == data.script)
    }

    private func large(_ count: Int, like line: String) -> TestProfile {
        var profile = TestProfile()
        profile.installScript = Array(String(repeating: line, count: count / line.utf8.count).utf8)
        return profile
    }

    /// bash prints a function as it has understood it, without comments.
    @Test(arguments: [NodeTemplate.bootstrap, NodeTemplate.helper, NodeTemplate.seal])
    func commentsAreAllThatIsLeftOut(script: [UInt8]) throws {
        func understood(_ script: [UInt8]) throws -> [UInt8] {
            try Tool.run(["bash"], input: Array("f() {\n".utf8) + script + Array("\n}\ndeclare -f f\n".utf8))
        }
        let without = UserData.withoutComments(script)
        #expect(without.count < script.count)
        #expect(try understood(without) == understood(script))
    }

    // MARK: The limit

    @Test func whatFitsIsSentReadable() async throws {
        let small = UserData(script: [UInt8](repeating: 0x61, count: UserData.limit))
        #expect(try await small.sent() == small.script)
        let larger = UserData(script: [UInt8](repeating: 0x61, count: UserData.limit + 1))
        #expect(try await larger.sent().count < 100)
    }

    @Test func whatDoesNotFitEvenPackedIsRefused() async throws {
        var generator = SeededGenerator(seed: 1)
        let data = UserData(script: generator.bytes(17_000))
        let problem = await #expect(throws: Problem.self) { try await data.sent() }
        #expect(problem?.summary.contains("too large") == true)
        #expect(problem?.cause == "EC2 takes 16384 bytes")
    }

    // MARK: What is in it

    @Test func cloudInitRunsItAtEveryBoot() throws {
        #expect(try make().script.starts(with: Array("#cloud-boothook\n#!/usr/bin/env bash\n".utf8)))
    }

    @Test func bashReadsIt() throws {
        _ = try Tool.run(["bash", "-n"], input: try make().script)
    }

    @Test func settingsSayWhatTheNodeIs() throws {
        let names = [
            "CLOUDRAILS_NODE", "CLOUDRAILS_TARGET", "CLOUDRAILS_REGION", "CLOUDRAILS_DEVICE", "CHAIN_ID", "CHAIN_DATA",
            "CHAIN_SERVICES", "EXAMPLED_STOP_TIMEOUT", "EXAMPLE_CORE_VERSION", "EXAMPLE_CORE_URL",
            "EXAMPLE_CORE_SHA256",
            "EXAMPLE_CORE_FINGERPRINT", "EXAMPLE_CORE_MANIFEST",
        ]
        let common = [
            "n", "example.org/testnet", "us-east-2", "/dev/xvdf", "example.org", "/data/example.org",
            "exampled.service",
            "60", "1.0",
        ]
        let key = [String(repeating: "F", count: 40), ""]
        #expect(
            try values(make(), names)
                == common + ["https://example.org/1.0/arm64.tar.gz", String(repeating: "a", count: 64)] + key)
        #expect(try values(make(.init(), .x86), names) == common + ["https://example.org/1.0/amd64.tar.gz", ""] + key)
    }

    /// The node calls EC2 at a host of its partition. Where that is the usual one, nothing is said.
    @Test func theDomainIsToldWhereItIsAnother() throws {
        #expect(try values(make(region: "cn-north-1"), ["CLOUDRAILS_DOMAIN"]) == ["amazonaws.com.cn"])
        for region in ["us-east-2", "us-gov-west-1"] {
            #expect(try parts(make(region: region))["node.env"]?.contains("CLOUDRAILS_DOMAIN") == false)
        }
    }

    @Test(arguments: [
        "plain", "", "a b", "it's", "''", "'", "\"q\"", "$HOME", "$(id)", "`id`", "a\\b", "\\'", "!!", "line 1\nline 2",
        "#c", "~",
        "END_OF_FILE", "x\nEND_OF_FILE\ntouch /nonexistent/x", "\u{20bf} \u{1f517}", "*",
    ])
    func everyValueArrivesAsItIs(value: String) throws {
        let data = try make(TestProfile(settings: ["EXAMPLE_VALUE": value]))
        #expect(try values(data, ["EXAMPLE_VALUE"]) == [value])
    }

    @Test func filesArriveByteForByte() throws {
        // What a heredoc without quotes would change, and what would end one early.
        let script = "chain_install() { echo \"$HOME\" `id` \\\\ ; }\nEND_OF_FILE\nlast line"
        let parts = try parts(make(TestProfile(installScript: Array(script.utf8))))
        #expect(parts["install.sh"] == script + "\n")
        #expect(
            parts.keys.sorted() == [
                "bootstrap.sh", "cloudrails-node", "install.sh", "node.env", "seal.sh", "status.py",
            ])
    }

    @Test(arguments: [
        ("geth", "GETH"), ("bitcoin-core", "BITCOIN_CORE"), ("geth.service", "GETH"), ("a.b-c.service", "A_B_C"),
        ("x2", "X2"), ("caf\u{e9}", "CAF_"),
    ])
    func namesBecomeVariables(name: String, variable: String) {
        #expect(UserData.variableName(name) == variable)
    }
}
