public import ChainKit

extension Environment {
    /// The node of a target that an image is best made of: of those that run, the one with the highest block, then the youngest.
    /// DescribeInstances.
    /// - Throws: `Problem` where none runs.
    public func furthestNode(of target: Target) async throws -> Node {
        var nodes: [Node] = []
        for try await page in nodePages() { nodes += page.filter { $0.target == target.description } }
        let furthest = nodes.filter { $0.state == "running" }.max {
            ($0.reported?.height ?? -1, $0.launched) < ($1.reported?.height ?? -1, $1.launched)
        }
        if let furthest { return furthest }
        throw Problem(
            "No node of \(target) runs in \(region)",
            cause: nodes.isEmpty ? "there is none" : nodes.map { "\($0.name) is \($0.state)" }.joined(separator: ", "),
            fix: nodes.first.map { "cloudrails node start \($0.name)" } ?? "cloudrails node launch \(target)")
    }
}
