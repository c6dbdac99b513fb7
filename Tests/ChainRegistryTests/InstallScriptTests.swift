import ChainKit
import ChainRegistry
import Engine
import Foundation
import Testing

/// `install.sh` of every target, as bash reads it.
@Suite struct InstallScriptTests {
    private static let functions = ["chain_install", "chain_status", "chain_scrub", "chain_firstboot"]

    private func bash(_ arguments: [String], input: [UInt8]) throws -> (status: Int32, output: String) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["bash"] + arguments
        let (standardInput, output) = (Pipe(), Pipe())
        process.standardInput = standardInput
        process.standardOutput = output
        process.standardError = output
        try process.run()
        try standardInput.fileHandleForWriting.write(contentsOf: Data(input))
        try standardInput.fileHandleForWriting.close()
        let text = String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        process.waitUntilExit()
        return (process.terminationStatus, text)
    }

    private func script(_ target: String) throws -> [UInt8] {
        try #require(ChainRegistry.profile(target)).installScript
    }

    @Test(arguments: ProfileTests.targets) func bashReadsIt(target: String) throws {
        let (status, output) = try bash(["-n"], input: try script(target))
        #expect(status == 0 && output.isEmpty, "\(output)")
    }

    /// The whole that EC2 gets.
    @Test(arguments: ProfileTests.targets) func bashReadsTheUserData(target: String) throws {
        let profile = try #require(ChainRegistry.profile(target))
        let data = try UserData.make(
            profile: profile, node: "n", architecture: profile.architecture, region: "us-east-2", data: .new)
        let (status, output) = try bash(["-n"], input: data.script)
        #expect(status == 0 && output.isEmpty, "\(output)")
    }

    /// Sourcing it defines the four functions and does nothing else: every command is a missing one.
    @Test(arguments: ProfileTests.targets) func itDefinesFourFunctionsAndDoesNothing(target: String) throws {
        let profile = try #require(ChainRegistry.profile(target))
        let variables = profile.releases.map { "\(variable($0.client))_VERSION=1\n" }.joined()
        let report = "declare -F \(Self.functions.joined(separator: " "))\n"
        let text = "PATH=/nonexistent\nset -eu\n\(variables)CHAIN_DATA=/data/x\n"
        let (status, output) = try bash([], input: Array(text.utf8) + profile.installScript + Array("\n\(report)".utf8))
        #expect(status == 0)
        #expect(output.split(separator: "\n").map(String.init) == Self.functions)
    }

    /// What lets others in, or tells a node of this client from others: an image that has it makes twins.
    private static let identity = [
        "bitcoin.org": bitcoind, "litecoin.org": bitcoind,
        "ethereum.org": [
            "aside /etc/ethereum/jwt.hex", "aside /data/x/geth/geth/nodekey", "aside /data/x/geth/geth/nodes",
            "aside /data/x/geth/geth/jwtsecret", "aside /data/x/geth/geth/transactions.rlp",
            "aside /data/x/geth/history", "aside /data/x/lighthouse/beacon/network",
            "discard /data/x/lighthouse/beacon/logs",
        ],
    ]

    /// In the folder itself, and in that of a test network.
    private static let bitcoind = ["/data/x", "/data/x/*"].flatMap { folder in
        [
            ".cookie", "onion_v3_private_key", "i2p_private_key", "peers.dat", "anchors.dat", "banlist.dat",
            "banlist.json",
        ].map { "aside \(folder)/\($0)" } + ["discard \(folder)/debug.log"]
    }

    /// What leaves the disk does so by the two functions that overwrite it: there is no other command to do it with. They are
    /// told of files in the chain's folder, or of secrets of its own in /etc.
    @Test(arguments: ProfileTests.targets) func scrubbingNamesWhatGoes(target: String) throws {
        let profile = try #require(ChainRegistry.profile(target))
        let variables = profile.releases.map { "\(variable($0.client))_VERSION=1\n" }.joined()
        let before = "PATH=/nonexistent\nset -eu\n\(variables)CHAIN_DATA=/data/x\n"
        let tell =
            "set_aside() { printf 'aside %s\\n' \"$@\"; }\ndiscard() { printf 'discard %s\\n' \"$@\"; }\nchain_scrub\n"
        let (status, output) = try bash([], input: Array(before.utf8) + profile.installScript + Array("\n\(tell)".utf8))
        let lines = output.split(separator: "\n").map(String.init)
        let identity = try #require(Self.identity[profile.target.id], "a new chain's names belong into this list")
        #expect(status == 0 && Set(identity).subtracting(lines).isEmpty)
        for line in lines {
            #expect(line.contains(/^(aside|discard) \/(data\/x|etc\/[a-z]+)\/[^ ]+$/), "\(line)")
        }
    }

    /// Everything that is fetched goes through the functions that verify it.
    @Test(arguments: ProfileTests.targets) func onlyVerifiedFilesAreFetched(target: String) throws {
        let profile = try #require(ChainRegistry.profile(target))
        let text = String(decoding: profile.installScript, as: UTF8.self)
        for release in profile.releases {
            let name = variable(release.client)
            #expect(text.contains("\(name)_VERSION"), "\(name)_VERSION is not used")
            let isFetched = ["fetch_verified", "install_archive"].contains { text.contains("\($0) \(name) ") }
            #expect(isFetched, "\(name) is not fetched")
        }
        for word in ["wget", "http://", "apt-get", "pip install", "_URL"] where text.contains(word) {
            let isLoopback =
                word == "http://" && text.matches(of: /http:\/\/(\S{9})/).allSatisfy { $0.output.1 == "127.0.0.1" }
            #expect(isLoopback, "\(word) goes around the functions that verify")
        }
    }

    private func variable(_ client: String) -> String { client.uppercased().replacing("-", with: "_") }
}
