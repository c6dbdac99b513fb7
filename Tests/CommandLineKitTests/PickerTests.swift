import Testing

@testable import CommandLineKit

@Suite struct PickerTests {
    private let rows = [
        ["bitcoin.org/mainnet", "910000", "Bitcoin"], ["bitcoin.org/signet", "-", "Bitcoin signet"],
        ["ethereum.org/geth-mainnet", "23000000", "Ethereum"], ["litecoin.org/mainnet", "-", "Litecoin"],
    ]

    private func picker(selected: Int = 0, offer: (@Sendable (String) -> String?)? = nil) -> Picker {
        Picker(
            "Which?", header: ["TARGET", "HEIGHT", "NAME"], rows: rows, keeping: [0], selected: selected, offer: offer)
    }

    /// What the keys come to, one after the other.
    private func press(_ keys: [Key], _ picker: Picker) -> (Picker, Picker.Outcome) {
        var picker = picker
        var outcome = Picker.Outcome.open
        for key in keys { outcome = picker.press(key) }
        return (picker, outcome)
    }

    private func type(_ text: String) -> [Key] { text.map(Key.text) }

    private func chosen(_ keys: [Key], selected: Int = 0) -> Int? {
        guard case .chosen(.row(let index)) = press(keys + [.enter], picker(selected: selected)).1 else { return nil }
        return index
    }

    // MARK: keys

    @Test func arrowsMoveAndStopAtTheEnds() {
        #expect(chosen([]) == 0)
        #expect(chosen([.down, .down, .up]) == 1)
        #expect(chosen([.up]) == 0)
        #expect(chosen([.end, .down]) == 3)
        #expect(chosen([.end, .home]) == 0)
        #expect(chosen([.pageDown]) == 3)
        #expect(chosen([.end, .pageUp]) == 0)
        #expect(chosen([], selected: 2) == 2)
    }

    @Test func lettersLeaveWhatHoldsThem() {
        #expect(chosen(type("lite")) == 3)
        #expect(chosen(type("MAINNET"), selected: 3) == 0)
        #expect(chosen(type("mainnet") + [.down]) == 2)
        #expect(chosen(type("main eth")) == 2)
        #expect(chosen(type("lite") + [.clear]) == 0)
        #expect(chosen(type("sigx") + [.backspace]) == 1)
    }

    @Test func nothingIsChosenWhereNothingFits() {
        #expect(press(type("monero") + [.enter], picker()).1 == .open)
        #expect(press(type("monero") + [.down, .up, .enter], picker()).1 == .open)
    }

    @Test func itIsLeft() {
        #expect(press([.escape], picker()).1 == .left)
        #expect(press(type("b") + [.interrupt], picker()).1 == .interrupted)
    }

    @Test func somethingElseIsOfferedAfterTheRows() {
        let number: @Sendable (String) -> String? = { text in Int(text).map { "\($0) GiB" } }
        #expect(press(type("77") + [.enter], picker(offer: number)).1 == .chosen(.typed("77")))
        #expect(press(type("77 ") + [.enter], picker(offer: number)).1 == .chosen(.typed("77")))
        // The height of a row holds it, too.
        #expect(press(type("91") + [.enter], picker(offer: number)).1 == .chosen(.row(0)))
        #expect(press(type("91") + [.down, .enter], picker(offer: number)).1 == .chosen(.typed("91")))
        #expect(press(type("x") + [.enter], picker(offer: number)).1 == .open)
        #expect(press([.enter], picker(offer: number)).1 == .chosen(.row(0)))
    }

    // MARK: lines

    private func lines(_ keys: [Key], width: Int = 80, height: Int = 24, colour: Bool = false) -> [String] {
        press(keys, picker()).0.lines(for: Terminal(isTTY: true, width: width, height: height, hasColour: colour))
    }

    @Test func aScreenWithoutColours() {
        #expect(
            lines(type("main") + [.down]) == [
                "Which?", "Type to filter: main", "  TARGET                     HEIGHT    NAME",
                "  bitcoin.org/mainnet        910000    Bitcoin", "> ethereum.org/geth-mainnet  23000000  Ethereum",
                "  litecoin.org/mainnet       -         Litecoin", "",
                "2 of 3   \u{2191} \u{2193} move   Enter take   Esc leave",
            ])
        #expect(lines(type("x"))[3] == "  nothing like that")
    }

    @Test func coloursOnlyAddToIt() {
        let plain = lines([.down])
        let coloured = lines([.down], colour: true)
        #expect(coloured.contains { $0.contains("\u{1B}[7m> ") })
        #expect(coloured.map { $0.replacing(/\u{1B}\[\d+m/, with: "") } == plain)
    }

    @Test(arguments: [1, 2, 10, 20, 40, 80], [1, 2, 3, 7, 8, 9, 24])
    func itFitsEveryWindow(width: Int, height: Int) {
        for keys in [[], [.end], type("main"), type("nothing at all")] as [[Key]] {
            let shown = lines(keys, width: width, height: height)
            #expect(shown.count <= height && shown.allSatisfy { $0.count <= max(1, width - 1) })
        }
    }

    @Test(arguments: [2, 3, 7, 8, 9])
    func theSelectedRowIsAlwaysSeen(height: Int) {
        var long = Picker("Which?", header: ["N"], rows: (0..<60).map { ["row \($0)"] })
        for step in 0..<60 {
            let shown = long.lines(for: Terminal(isTTY: true, height: height))
            #expect(shown.contains("> row \(step)"))
            _ = long.press(.down)
        }
    }
}
