import HTTP
import Testing

@Suite struct HTTPDateTests {
    @Test(arguments: [
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0), ("Tue, 24 Nov 2026 10:00:00 GMT", 1_795_514_400),
        ("Wed, 31 Dec 2098 23:59:59 GMT", 4_070_908_799),
    ])
    func readsDates(text: String, seconds: Int) { #expect(HTTPDate.seconds(text) == seconds) }

    @Test(arguments: ["", "soon", "yesterday", "2026-13-45T99:00:00Z"])
    func refusesWhatIsNoDate(text: String) { #expect(HTTPDate.seconds(text) == nil) }
}
