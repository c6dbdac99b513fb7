import Testing

@testable import Commands

@Suite struct StatusTextTests {
    @Test(arguments: [("90s", 90), ("30m", 1_800), ("12h", 43_200), ("2d", 172_800), ("0s", 0)])
    func spansAreRead(_ text: String, _ seconds: Int) {
        #expect(TimeSpan(argument: text)?.duration == .seconds(seconds))
    }

    @Test(arguments: ["", "s", "5", "-5m", "+5m", "5 m", "5w", "1.5h", "99999999d"])
    func otherSpansAreRefused(_ text: String) {
        #expect(TimeSpan(argument: text) == nil)
    }

    @Test func figuresAreBars() {
        #expect(Graph.line([0, 50, 100]) == "▁▅█")
        #expect(Graph.line([0, 0]) == "▁▁")
        #expect(Graph.line([]) == "")
    }
}
