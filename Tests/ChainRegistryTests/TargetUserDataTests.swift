import ChainKit
import ChainRegistry
import Engine
import Testing

/// What EC2 would get for every target.
@Suite struct TargetUserDataTests {
    private static let longestName = String(repeating: "n", count: 128)

    @Test(arguments: ProfileTests.targets, Architecture.allCases)
    func itFits(target: String, architecture: Architecture) async throws {
        let profile = try #require(ChainRegistry.profile(target))
        let data = try UserData.make(
            profile: profile, node: Self.longestName, architecture: architecture, region: "ap-southeast-99",
            data: .existing)
        let sent = try await data.sent()
        #expect(!sent.isEmpty && sent.count <= 16_384)
        let text = String(decoding: data.script, as: UTF8.self)
        for release in profile.releases {
            let artifact = try #require(release.artifacts[architecture])
            #expect(text.contains("_URL='\(artifact.url)'\n"))
            #expect(text.contains("_SHA256='\(artifact.sha256 ?? "")'\n"))
            if let signature = release.signature {
                #expect(text.contains("_FINGERPRINT='\(signature.fingerprint)'\n"))
            }
        }
    }
}
