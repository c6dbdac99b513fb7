import Testing

@testable import CommandLineKit

@Suite struct TableTests {
    private let table = Table(
        ["ID", "TITLE", "N"], [["bitcoin.org", "Bitcoin mainnet (Bitcoin Core)", "1"], ["a", "b", "22"]])

    @Test func isTabSeparatedInAPipe() {
        #expect(
            table.text(for: Terminal(isTTY: false))
                == "ID\tTITLE\tN\nbitcoin.org\tBitcoin mainnet (Bitcoin Core)\t1\na\tb\t22")
    }

    @Test func hasColumnsOnATerminalAndNoBlanksAtTheEnd() {
        #expect(
            table.text(for: Terminal(isTTY: true, width: 80)) == """
                ID           TITLE                           N
                bitcoin.org  Bitcoin mainnet (Bitcoin Core)  1
                a            b                               22
                """)
    }

    @Test func takesFromTheWidestColumnUntilItFits() {
        #expect(
            table.text(for: Terminal(isTTY: true, width: 30)) == """
                ID           TITLE          N
                bitcoin.org  Bitcoin main…  1
                a            b              22
                """)
    }

    @Test func neverCutsWhatPeopleType() {
        let kept = Table(["ID", "TITLE"], [["ethereum.org/geth-mainnet", "short"]], keeping: [0])
        #expect(kept.text(for: Terminal(isTTY: true, width: 20)).contains("ethereum.org/geth-mainnet"))
    }

    @Test func doesWithoutColumnsWhereTheyWouldBeTooMany() {
        let wide = Table(
            ["ID", "TITLE", "PLACE", "NOTE"], [["bitcoin.org", "Bitcoin", "somewhere", "-"]], keeping: [0],
            sparing: [2])
        let header = { (width: Int) in wide.text(for: Terminal(isTTY: true, width: width)).split(separator: "\n")[0] }
        #expect(header(40) == "ID           TITLE    PLACE      NOTE")
        #expect(header(28) == "ID           TITLE   PLACE")
        #expect(header(20) == "ID           TITLE")
    }

    @Test(arguments: [24, 30, 40, 46, 47, 120])
    func fits(width: Int) {
        let lines = table.text(for: Terminal(isTTY: true, width: width)).split(separator: "\n")
        #expect(lines.allSatisfy { $0.count <= width })
    }

    @Test func keepsOneRowPerLineWhateverACellHolds() {
        let odd = Table(["A", "B"], [["x\ty", "1\n2"]])
        #expect(odd.text(for: Terminal(isTTY: false)) == "A\tB\nx y\t1 2")
    }

    @Test func printsItsHeaderBold() {
        let text = table.text(for: Terminal(isTTY: true, width: 80, hasColour: true))
        #expect(text.hasPrefix("\u{1B}[1mID"))
        #expect(!table.text(for: Terminal(isTTY: false)).contains("\u{1B}"))
    }
}
