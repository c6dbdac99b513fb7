import ChainKit
import ChainRegistry
import Testing

@Suite struct ImageTableTests {
    private func image(_ id: String, height: Int, made: String) throws -> KnownImage {
        let profile = try #require(ChainRegistry.profile("bitcoin.org/mainnet"))
        let name = try #require(profile.imageName(height: height, made: made, architecture: .arm64))
        return try #require(KnownImage(id: id, name: name.description))
    }

    @Test func everyTargetHasARow() {
        #expect(ImageTable().rows.map(\.profile.target) == ChainRegistry.profiles.map(\.target))
        #expect(ImageTable().rows.allSatisfy { $0.image == nil })
    }

    @Test func theHighestBlockWinsThenTheYoungest() throws {
        let images = [
            try image("ami-1", height: 900, made: "20261101T0000Z"),
            try image("ami-2", height: 1_000, made: "20261001T0000Z"),
            try image("ami-3", height: 1_000, made: "20261002T0000Z"),
        ]
        for order in [images, images.reversed()] {
            let shown = ImageTable(order).rows.filter { $0.image != nil }
            #expect(shown.map(\.profile.target.description) == ["bitcoin.org/mainnet"])
            #expect(shown.first?.image?.id == "ami-3")
        }
    }

    @Test func foreignNamesAreNoImages() {
        #expect(KnownImage(id: "ami-1", name: "ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-arm64-server-1") == nil)
        #expect(KnownImage(id: "ami-1", name: "cloudrails/bitcoin.org/mainnet") == nil)
    }
}
