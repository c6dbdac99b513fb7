import ChainKit
import Testing

@Suite struct TargetTests {
    private let target = Target(id: "ethereum.org", node: "geth-mainnet")

    @Test func isWrittenAsPeopleTypeIt() {
        #expect("\(target)" == "ethereum.org/geth-mainnet")
        #expect(target.defaultNodeName == "ethereum.org-geth-mainnet")
    }

    @Test func isReadAsPeopleTypeIt() {
        #expect(Target("ethereum.org/geth-mainnet") == target)
        for text in ["", "/", "a/", "/b", "a/b/c", "ab"] { #expect(Target(text) == nil) }
    }

    @Test func isOrderedByText() {
        let other = Target(id: "bitcoin.org", node: "signet")
        #expect([target, other].sorted() == [other, target])
        #expect(target == Target(id: "ethereum.org", node: "geth-mainnet") && target != other)
    }
}
