import Testing

@testable import AWS

@Suite struct ResourceIDTests {
    @Test func isItsText() {
        let id: VPCID = "vpc-0a1b"
        #expect(id.rawValue == "vpc-0a1b" && "\(id)" == "vpc-0a1b")
        #expect(id == VPCID(rawValue: "vpc-0a1b") && id != "vpc-0a1c")
        #expect(Set([id, "vpc-0a1b", "vpc-2"]).count == 2)
    }
}
