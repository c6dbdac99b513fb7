import Testing

@testable import Engine

@Suite struct NodeStatusTests {
    /// 2026-11-24T10:05:00Z.
    private static let written = 1_795_514_700.0

    @Test func readsAllOfIt() throws {
        let tag = "state=stalled height=10 target=30 disk=61 at=2026-11-24T10:05Z reason=no peers = no blocks"
        let status = try #require(NodeStatus(tag, now: Self.written + 60))
        #expect(status.state == "stalled" && status.height == 10 && status.target == 30 && status.lag == 20)
        #expect(status.disk == 61 && status.reason == "no peers = no blocks" && !status.isStale)
    }

    @Test(arguments: [(0.0, false), (899, false), (901, true)])
    func isStaleAfterFifteenMinutes(age: Double, isStale: Bool) throws {
        let status = try #require(NodeStatus("state=synced at=2026-11-24T10:05Z", now: Self.written + age))
        #expect(status.isStale == isStale)
    }

    @Test func aheadOfWhatItsPeersSayIsNoLag() throws {
        #expect(try #require(NodeStatus("state=synced height=31 target=30")).lag == 0)
    }

    @Test func zerosAreNoHeights() throws {
        let status = try #require(NodeStatus("state=starting height=0 target=0 disk=0"))
        #expect(status.height == nil && status.lag == nil && status.disk == 0)
    }

    @Test(arguments: ["", "state=", "height=3", "nonsense"])
    func tellsNothingWithoutAState(tag: String) { #expect(NodeStatus(tag) == nil) }

    @Test(arguments: ["state=synced", "state=synced at=yesterday"])
    func withoutATimeItIsStale(tag: String) throws { #expect(try #require(NodeStatus(tag)).isStale) }
}
