import Testing

@testable import Engine

@Suite struct NodeNameTests {
    @Test(arguments: ["a", "bitcoin.org-mainnet", "My_Node-2.b", String(repeating: "x", count: 128)])
    func accepts(name: String) throws { try NodeName.validate(name) }

    @Test(arguments: ["", "-a", ".a", "a b", "a/b", "ä", "a;b", "a\n", "$(id)", String(repeating: "x", count: 129)])
    func refuses(name: String) {
        let problem = #expect(throws: Problem.self) { try NodeName.validate(name) }
        #expect(problem?.kind == .usage)
    }
}
