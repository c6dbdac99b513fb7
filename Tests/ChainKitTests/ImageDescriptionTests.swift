import ChainKit
import TestSupport
import Testing

@Suite struct ImageDescriptionTests {
    private func make(
        _ target: Target = Target(id: "litecoin.org", node: "mainnet"), height: Int = 2_900_000, hash: String = "00ab",
        clients: String = "litecoin-core 0.21.5.6", _ consistency: ImageDescription.Consistency = .clean
    ) -> ImageDescription? {
        ImageDescription(target: target, height: height, hash: hash, clients: clients, consistency: consistency)
    }

    @Test func isWrittenForStrangers() {
        #expect(
            make()?.description == "cloudrails litecoin.org/mainnet height=2900000 hash=00ab "
                + "client=litecoin-core 0.21.5.6 consistency=clean")
        #expect(
            make(hash: "", clients: "geth 1.17.5, lighthouse 8.2.2", .crash)?.description
                == "cloudrails litecoin.org/mainnet height=2900000 hash= client=geth 1.17.5, lighthouse 8.2.2 "
                + "consistency=crash")
    }

    @Test func comesBackWithoutLoss() {
        var generator = SeededGenerator(seed: 7)
        var made = 0
        var wrong: [String] = []
        for _ in 0..<10_000 {
            guard let description = ImageDescription.random(using: &generator) else { continue }
            let text = description.description
            if text.utf8.count > 255 || ImageDescription(text) != description { wrong.append(text) }
            made += 1
        }
        #expect(wrong.isEmpty)
        #expect(made > 5_000)
    }

    @Test func changedDescriptionsAreOthersOrNone() {
        var generator = SeededGenerator(seed: 8)
        var wrong: [String] = []
        for _ in 0..<5_000 {
            guard let description = ImageDescription.random(using: &generator) else { continue }
            var bytes = Array(description.description.utf8)
            let place = generator.below(bytes.count)
            bytes[place] = UInt8(generator.below(256))
            let text = String(decoding: bytes, as: UTF8.self)
            if let parsed = ImageDescription(text), parsed.description != text { wrong.append(text) }
        }
        #expect(wrong.isEmpty)
    }

    @Test(arguments: [
        "", "cloudrails", "cloudrails a/b height=1 hash= client=c 1",
        "rails a/b height=1 hash= client=c 1 consistency=clean",
        "cloudrails a/b height=01 hash= client=c 1 consistency=clean",
        "cloudrails a/b height= hash= client=c consistency=clean",
        "cloudrails ab height=1 hash= client=c 1 consistency=clean",
        "cloudrails a/b height=1 hash= client= consistency=clean",
        "cloudrails a/b height=1 hash= client=c 1 consistency=good",
        "cloudrails a/b hash= height=1 client=c consistency=clean",
        "cloudrails a/b height=1 hash= client=c 1 consistency=clean ",
        "cloudrails a/b height=-1 hash= client=c consistency=clean",
    ])
    func otherTextIsNone(text: String) { #expect(ImageDescription(text) == nil) }

    @Test func partsThatCannotStandThereAreRefused() {
        #expect(make(height: -1) == nil && make(hash: "a b") == nil && make(clients: "") == nil)
        #expect(make(hash: "\u{e4}") == nil && make(clients: "c\n1") == nil)
        for target in [Target(id: "", node: "n"), Target(id: "a/b", node: "n"), Target(id: "a b", node: "n")] {
            #expect(make(target) == nil)
        }
        let room = 255 - (make(clients: "c")?.description.utf8.count ?? 255) + 1
        #expect(make(clients: String(repeating: "c", count: room)) != nil)
        #expect(make(clients: String(repeating: "c", count: room + 1)) == nil)
    }
}

extension ImageDescription {
    /// A description of random parts; nil where they make it too long.
    fileprivate static func random(using generator: inout SeededGenerator) -> ImageDescription? {
        func text(_ count: Int, from first: UInt8) -> String {
            String(decoding: generator.bytes(count).map { first + $0 % (0x7F - first) }, as: UTF8.self)
        }
        let clients = text(1 + generator.below(60), from: 0x20)
        return ImageDescription(
            target: Target(
                id: text(1 + generator.below(20), from: 0x30), node: text(1 + generator.below(20), from: 0x21)),
            height: generator.below(1_000_000_000_000) >> generator.below(40),
            hash: text(generator.below(66), from: 0x21),
            clients: generator.below(9) == 0 ? clients + " consistency=crash" : clients,
            consistency: generator.below(2) == 0 ? .clean : .crash)
    }
}
