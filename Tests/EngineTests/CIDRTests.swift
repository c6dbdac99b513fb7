import Testing

@testable import Engine

@Suite struct CIDRTests {
    @Test(arguments: [
        ("203.0.113.7", "203.0.113.7/32"), ("203.0.113.7/32", "203.0.113.7/32"), ("10.0.0.0/8", "10.0.0.0/8"),
        ("0.0.0.0/0", "0.0.0.0/0"), ("192.168.4.0/22", "192.168.4.0/22"), ("128.0.0.0/1", "128.0.0.0/1"),
    ])
    func readsRanges(text: String, expected: String) throws {
        #expect(try CIDR(text).description == expected)
    }

    @Test(arguments: [
        "", "me", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/", "10.0.0.0/8/8", "10.0.0.1/8", "256.0.0.0/8", "10.0.0/8",
        "2001:db8::/32", "10.0.0.0/+8", " 10.0.0.0/8", "10.0.0.0/008",
    ])
    func refusesEverythingElse(text: String) {
        let problem = #expect(throws: Problem.self) { try CIDR(text) }
        #expect(problem?.kind == .usage)
        #expect(problem?.fix?.isEmpty == false)
    }

    @Test func knowsEveryone() throws {
        #expect(try CIDR("0.0.0.0/0").isEveryone)
        #expect(try !CIDR("203.0.113.7").isEveryone)
    }
}
