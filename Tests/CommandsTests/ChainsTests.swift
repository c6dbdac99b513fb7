import ChainKit
import ChainRegistry
import CommandLineKit
import Foundation
import Synchronization
import Testing

@testable import Commands

@Suite struct ChainsTests {
    /// What a command prints on stdout.
    private func run(_ words: String..., isJSON: Bool = false) async throws -> String {
        let out = Mutex("")
        let context = Context(
            environment: [:], stdout: Terminal(isTTY: false), stderr: Terminal(isTTY: false), canAsk: false,
            isJSON: isJSON, writeOut: { text in out.withLock { $0 += text } },
            writeError: { Issue.record("unexpected on stderr: \($0)") })
        try await Parser(Cloudrails.self).parse(words).command.run(context)
        return out.withLock(\.self)
    }

    @Test func offlineTableHasARowPerTarget() async throws {
        let lines = try await run("chains", "list", "--offline").split(separator: "\n").map {
            $0.split(separator: "\t")
        }
        #expect(
            lines[0] == [
                "ID", "NODE", "NAME", "CLIENT", "INSTANCE", "DISK", "IMAGE", "HEIGHT", "AGE", "REGION", "PUBLIC",
                "DATA",
            ])
        #expect(lines.dropFirst().map { "\($0[0])/\($0[1])" } == ChainRegistry.profiles.map(\.target.description))
        #expect(lines.dropFirst().allSatisfy { $0.count == 12 && $0.suffix(6).allSatisfy { $0 == "-" } })
    }

    @Test func offlineJSONKnowsNoImages() async throws {
        let text = try await run("chains", "list", "--offline", isJSON: true)
        let listing = try JSONDecoder().decode(ChainListing.self, from: Data(text.utf8))
        #expect(listing.region == nil)
        #expect(listing.chains.map(\.target) == ChainRegistry.profiles.map(\.target.description))
        #expect(listing.chains.allSatisfy { $0.image == nil && !$0.client.contains("outdated") })
    }

    @Test(arguments: ChainRegistry.profiles.map(\.target.description))
    func showTellsEverythingAboutATarget(target: String) async throws {
        let profile = try #require(ChainRegistry.profile(target))
        let text = try await run("chains", "show", target)
        var facts = [profile.title, profile.disk.asOf, profile.disk.source] + profile.sources.map(\.place)
        facts += profile.instanceTypes.values.map(\.rawValue) + profile.services.map(\.unit)
        facts += profile.ports.map { "\($0.number)/\($0.transport)" } + profile.requires.map(\.description)
        for release in profile.releases {
            facts += [release.client, release.version, release.signature?.fingerprint, release.signature?.manifest]
                .compactMap { $0 }
            facts += release.artifacts.values.flatMap { [$0.url, $0.sha256].compactMap { $0 } }
        }
        if let reason = profile.validity.reason { facts.append(reason) }
        for fact in facts { #expect(text.contains(fact), "\(fact)") }
    }

    @Test(arguments: [
        ("bitcoin.org/manet", "bitcoin.org/mainnet"), ("etherum.org/geth-mainnet", "ethereum.org/geth-mainnet"),
    ])
    func unknownTargetsAreGuessed(typed: String, meant: String) async {
        await #expect { try await run("chains", "show", typed) } throws: { ($0 as? UsageError)?.suggestion == meant }
    }

    @Test func targetsThatAreLikeNothingPointAtTheList() async {
        await #expect { try await run("chains", "show", "x") } throws: {
            ($0 as? UsageError)?.fix == "cloudrails chains list"
        }
    }

    @Test func versionNamesEveryPart() async throws {
        let text = try await run("version")
        for part in ["cloudrails \(Version.cloudrails)", "Swift 6", "libcurl/", "OpenSSL 3"] {
            #expect(text.contains(part))
        }
    }
}
