import Testing

@testable import CommandLineKit

@Suite struct KeyTests {
    private func keys(_ text: String) -> [Key] {
        var decoder = KeyDecoder()
        return decoder.take(Array(text.utf8)) + decoder.settle()
    }

    @Test(arguments: [
        ("\u{1B}[A", Key.up), ("\u{1B}[B", .down), ("\u{1B}OA", .up), ("\u{1B}OB", .down), ("\u{1B}[5~", .pageUp),
        ("\u{1B}[6~", .pageDown), ("\u{1B}[H", .home), ("\u{1B}[1~", .home), ("\u{1B}[F", .end), ("\u{1B}[4~", .end),
        ("\u{1B}[1;5A", .up), ("\u{1B}[C", .other), ("\u{1B}[3~", .other), ("\u{1B}[200~", .other), ("\u{1B}x", .other),
        ("\u{1B}", .escape), ("\u{3}", .interrupt), ("\u{4}", .escape), ("\r", .enter), ("\n", .enter),
        ("\u{7F}", .backspace),
        ("\u{8}", .backspace), ("\u{15}", .clear), ("\u{E}", .down), ("\u{10}", .up), ("\u{1}", .other),
        ("a", .text("a")),
        (" ", .text(" ")), ("\u{e9}", .text("\u{e9}")), ("\u{20bf}", .text("\u{20bf}")),
        ("\u{1f517}", .text("\u{1f517}")),
    ])
    func oneKey(bytes: String, key: Key) { #expect(keys(bytes) == [key]) }

    @Test func severalAtOnce() {
        #expect(keys("ab\u{1B}[A\r") == [.text("a"), .text("b"), .up, .enter])
        #expect(keys("\u{1B}\u{1B}[B") == [.escape, .down])
    }

    /// A slow line delivers a sequence in pieces, wherever it is cut.
    @Test(arguments: ["\u{1B}[A", "\u{1B}[5~", "\u{1B}OB", "\u{20bf}"])
    func inPieces(sequence: String) {
        for cut in 1..<sequence.utf8.count {
            var decoder = KeyDecoder()
            let bytes = Array(sequence.utf8)
            #expect(decoder.take(Array(bytes[..<cut])) == [] && decoder.isWaiting)
            #expect(decoder.take(Array(bytes[cut...])) == keys(sequence) && !decoder.isWaiting)
        }
    }

    @Test func whatIsNoTextIsPassedOver() {
        var decoder = KeyDecoder()
        #expect(decoder.take([0xFF, 0xC0, 0x61, 0xE2, 0x62]) == [.other, .other, .text("a"), .other, .text("b")])
        #expect(decoder.take([0xED, 0xA0, 0x80]) == [.other, .other, .other])
    }
}
