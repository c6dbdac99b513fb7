import ChainKit
import ChainRegistry
import Foundation
import Testing

/// Where a chain's README names a hash, a key or an artifact, it is one that is pinned.
@Suite struct ReadmeTests {
    private static let folder = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("chains")

    private static let readmes = try? FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()

    private let releases = ChainRegistry.profiles.flatMap(\.releases)

    @Test func thereIsOnePerChain() { #expect(Self.readmes?.isEmpty == false) }

    @Test(arguments: readmes ?? []) func itNamesWhatIsPinned(chain: String) throws {
        let text = try String(
            contentsOf: Self.folder.appendingPathComponent("\(chain)/README.md"), encoding: .utf8)
        #expect(text.hasPrefix("# "))
        let hashes = Set(releases.flatMap { $0.artifacts.values.compactMap(\.sha256) })
        for match in text.matches(of: /\b[0-9a-fA-F]{64}\b/) { #expect(hashes.contains(String(match.output))) }
        let keys = Set(releases.compactMap(\.signature?.fingerprint))
        for match in text.matches(of: /\b(?:[0-9A-F]{4} ?\s?){9}[0-9A-F]{4}\b/) {
            #expect(keys.contains(String(match.output.filter { !$0.isWhitespace })))
        }
        let urls = Set(releases.flatMap { $0.artifacts.values.map(\.url) })
        for match in text.matches(of: /https:\/\/\S+?\.tar\.gz/) { #expect(urls.contains(String(match.output))) }
    }
}
