import Testing

@testable import Engine

@Suite struct ClientTokenTests {
    @Test func sameWordsSameToken() {
        #expect(ClientToken.of("launch", "vpc-1", "n") == ClientToken.of("launch", "vpc-1", "n"))
        #expect(ClientToken.of("launch", "vpc-1", "n") != ClientToken.of("launch", "vpc-1n", ""))
        #expect(ClientToken.of("a").utf8.count == 64)
    }

    @Test func randomTokensDiffer() {
        #expect(ClientToken.random() != ClientToken.random())
        #expect(ClientToken.random().utf8.count == 32)
    }
}
