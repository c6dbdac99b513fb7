import ChainKit
import TestSupport
import Testing

@Suite struct ImageNameTests {
    private let target = Target(id: "ethereum.org", node: "geth-mainnet")

    private func name(
        _ target: Target? = nil, height: Int = 19_000_000, version: String = "1.17.5", made: String = "20261124T1000Z",
        _ architecture: Architecture = .arm64, suffix: String? = nil
    ) -> ImageName? {
        ImageName(
            target: target ?? self.target, height: height, version: version, made: made, architecture: architecture,
            suffix: suffix)
    }

    @Test func isWrittenAsPeopleGrepForIt() {
        #expect(
            name()?.description == "cloudrails/ethereum.org/geth-mainnet/h000019000000/1.17.5/20261124T1000Z-arm64")
        #expect(name(suffix: "my-own.1")?.description.hasSuffix("/1.17.5/20261124T1000Z-arm64@my-own.1") == true)
        #expect(name(height: 0, .x86)?.description.hasSuffix("/h000000000000/1.17.5/20261124T1000Z-x86_64") == true)
    }

    /// Tests/EndToEnd/test_image_names.py tries a million, by a program that is built for speed.
    @Test func comesBackWithoutLoss() throws {
        var generator = SeededGenerator(seed: 42)
        let allowed = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789()[] ./-'@_".utf8)
        var made = 0
        var wrong: [String] = []
        for _ in 0..<20_000 {
            // Too long a name is none: the parts may be of any length.
            guard let name = ImageName.random(using: &generator) else { continue }
            let text = name.description
            if text.utf8.count > 128 || !allowed.isSuperset(of: text.utf8) || ImageName(text) != name {
                wrong.append(text)
            }
            made += 1
        }
        #expect(wrong.isEmpty)
        #expect(made > 10_000)
    }

    /// A name that parses is written as it was read: two names never mean one image.
    @Test func changedNamesAreOthersOrNone() throws {
        var generator = SeededGenerator(seed: 43)
        var wrong: [String] = []
        for _ in 0..<20_000 {
            guard let name = ImageName.random(using: &generator) else { continue }
            var bytes = Array(name.description.utf8)
            for _ in 0...generator.below(3) {
                let place = generator.below(bytes.count)
                switch generator.below(3) {
                case 0: bytes[place] = UInt8(0x20 + generator.below(0x5F))
                case 1: bytes.remove(at: place)
                default: bytes.insert(UInt8(generator.below(256)), at: place)
                }
            }
            let text = String(decoding: bytes, as: UTF8.self)
            if let parsed = ImageName(text), parsed.description != text { wrong.append(text) }
        }
        #expect(wrong.isEmpty)
    }

    /// Random bytes, and random words between the signs that a name has.
    @Test func randomTextIsNone() {
        var generator = SeededGenerator(seed: 44)
        let signs = [
            "cloudrails", "/", "h", "000000000001", "20261124T1000Z", "-", "arm64", "@", "x86_64", "\u{e4}", "é",
        ]
        var taken: [String] = []
        for round in 0..<20_000 {
            let text =
                round % 2 == 0
                ? String(decoding: generator.bytes(generator.below(160)), as: UTF8.self)
                : (0..<generator.below(16)).map { _ in signs[generator.below(signs.count)] }.joined()
            if let parsed = ImageName(text), parsed.description != text { taken.append(text) }
        }
        #expect(taken.isEmpty)
    }

    @Test(arguments: [
        "", "cloudrails", "cloudrails/////", "cloudrails/a/b/h000000000001/1/20261124T1000Z",
        "cloudrails/a/b/h000000000001/1/20261124T1000Z-arm", "cloudrails/a/b/h1/1/20261124T1000Z-arm64",
        "cloudrails/a/b/h-00000000001/1/20261124T1000Z-arm64", "cloudrails/a/b/h+00000000001/1/20261124T1000Z-arm64",
        "cloudrails/a/b/x000000000001/1/20261124T1000Z-arm64", "Cloudrails/a/b/h000000000001/1/20261124T1000Z-arm64",
        "cloudrails/a/b/c/h000000000001/1/20261124T1000Z-arm64", "cloudrails/a/b/h000000000001/1/20261124T1000-arm64",
        "cloudrails/a/b/h000000000001//20261124T1000Z-arm64",
        "cloudrails/\u{e4}/b/h000000000001/1/20261124T1000Z-arm64",
        " cloudrails/a/b/h000000000001/1/20261124T1000Z-arm64", "cloudrails/a/b/h000000000001/1/20261124T1000Z-arm64\n",
        "cloudrails/a/b/h\u{661}00000000001/1/20261124T1000Z-arm64",
        "cloudrails/a/b/h000000000001/1/20261124T1000Z-arm64@",
        "cloudrails/a/b/h000000000001/1/20261124T1000Z-arm64@a@b",
        "cloudrails/a/b/h000000000001/1@a/20261124T1000Z-arm64",
        "cloudrails/a/b/h000000000001/1/20261124T1000Z@a-arm64",
    ])
    func otherTextIsNone(text: String) { #expect(ImageName(text) == nil) }

    @Test(arguments: [
        ("geth 1.17.5, lighthouse 8.2.2", "1.17.5"), ("litecoin-core v0.21+git~3", "v0.21_git_3"), ("x", "x"),
        ("", "0"),
    ])
    func theVersionIsTheFirstProgram(clients: String, version: String) {
        #expect(ImageName.version(of: clients) == version)
        #expect(name(version: ImageName.version(of: clients)) != nil)
    }

    @Test(arguments: ["2026-11-24T10:05:59Z", "2026-11-24T10:05Z", "2026-11-24T10:05:59.123Z"])
    func aTimeIsWrittenToTheMinute(time: String) { #expect(ImageName.made(at: time) == "20261124T1005Z") }

    @Test(arguments: ["", "now", "2026-11-24", "24.11.2026 10:05:59"])
    func whatIsNoTimeIsNone(time: String) { #expect(ImageName.made(at: time) == nil) }

    @Test func partsThatCannotStandInANameAreRefused() {
        #expect(name(height: -1) == nil && name(height: 1_000_000_000_000) == nil)
        #expect(name(height: 999_999_999_999) != nil)
        for word in ["", "a/b", "a b", "a+b", "\u{e4}", "a\n"] {
            #expect(name(version: word) == nil)
            #expect(name(suffix: word) == nil && !ImageName.isSuffix(word))
            #expect(name(Target(id: word, node: "n")) == nil)
            #expect(name(Target(id: "i", node: word)) == nil)
        }
        for made in ["", "20261124T1000", "2026-11-24T1000Z", "20261124t1000Z", "2026112aT1000Z"] {
            #expect(name(made: made) == nil)
        }
        let longest = 128 - "cloudrails/ethereum.org/geth-mainnet/h000019000000//20261124T1000Z-arm64".utf8.count
        #expect(name(version: String(repeating: "1", count: longest)) != nil)
        #expect(name(version: String(repeating: "1", count: longest + 1)) == nil)
    }
}

extension ImageName {
    private static let digits = Array("0123456789".utf8)
    private static let letters = Array("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-".utf8)

    /// A name of random parts; nil where they make it too long.
    fileprivate static func random(using generator: inout SeededGenerator) -> ImageName? {
        func text(_ count: Int, of alphabet: [UInt8] = letters) -> String {
            String(decoding: generator.bytes(count).map { alphabet[Int($0) % alphabet.count] }, as: UTF8.self)
        }
        let target = Target(id: text(1 + generator.below(24)), node: text(1 + generator.below(24)))
        return ImageName(
            target: target, height: generator.below(1_000_000_000_000) >> generator.below(40),
            version: text(1 + generator.below(30)), made: "\(text(8, of: digits))T\(text(4, of: digits))Z",
            architecture: generator.below(2) == 0 ? .arm64 : .x86,
            suffix: generator.below(2) == 0 ? nil : text(1 + generator.below(12)))
    }
}
