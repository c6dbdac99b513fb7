import Testing

@testable import CommandLineKit

@Suite struct HelpTests {
    @Test func isLaidOutLikeAManualPage() {
        let text = Help.text([Tool.self, Noun.self, Make.self])
        let titles = text.split(separator: "\n").filter { !$0.hasPrefix(" ") }
        #expect(
            titles == [
                "NAME", "EXAMPLES", "SYNOPSIS", "DESCRIPTION", "ARGUMENTS", "OPTIONS", "GLOBAL OPTIONS", "SEE ALSO",
            ])
        #expect(text.contains("    tool noun make <name> [<colour>] [options]"))
        #expect(text.contains("    One paragraph.\n\n    Another one."))
        #expect(text.contains("        The other colour. One of: red, green, blue. Default: green."))
        #expect(text.contains("    -y, --yes\n"))
    }

    @Test func namesRequiredOptions() {
        #expect(
            Help.text([Tool.self, Noun.self, Send.self]).contains("tool noun send [<words> ...] --to <place> [options]")
        )
    }

    @Test func hidesHiddenCommandsAndShowsWhatTheParserKnows() {
        let text = Help.text([Tool.self])
        #expect(!text.contains("__hidden"))
        #expect(text.contains("--version") && text.contains("-h, --help"))
        #expect(!Help.text([Tool.self, Noun.self]).contains("--version"))
    }

    @Test(arguments: [20, 60, 80, 200])
    func breaksLinesBetweenWords(width: Int) {
        let text = Help.text([Tool.self, Noun.self, Make.self], width: width)
        let longest = text.split(separator: "\n").map(\.count).max() ?? 0
        #expect(longest <= min(max(width, 60), 100))
    }
}
