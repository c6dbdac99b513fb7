import Testing

@testable import Engine

@Suite struct SubnettingTests {
    @Test func blockFollowsFromTheLetter() throws {
        #expect(try Subnetting.block(for: "us-east-2a", taken: []) == "10.1.0.0/20")
        #expect(try Subnetting.block(for: "us-east-2c", taken: []) == "10.1.32.0/20")
        #expect(try Subnetting.block(for: "us-east-1f", taken: []) == "10.1.80.0/20")
    }

    @Test func takenOrOddZonesGetAFreeBlock() throws {
        let block = try Subnetting.block(for: "us-east-2a", taken: ["10.1.0.0/20"])
        #expect(block != "10.1.0.0/20")
        #expect(try Subnetting.block(for: "us-west-2-lax-1z", taken: []) == "10.1.240.0/20")
    }

    @Test func sixteenIsAllThereIs() {
        let all = Set((0..<16).map { "10.1.\($0 * 16).0/20" })
        #expect(throws: Problem.self) { try Subnetting.block(for: "us-east-2a", taken: all) }
    }
}
