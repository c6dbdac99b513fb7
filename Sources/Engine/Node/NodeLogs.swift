/// A piece of a node's journal, and where it ended.
public struct NodeLog: Sendable {
    /// Lines, oldest first.
    public var lines: [String]
    /// journald's name for the place behind the last line.
    public var cursor: String?
}

extension Environment {
    /// The journal of a node's services.
    /// - Parameters:
    ///   - last: at most so many lines, the newest ones; nil for all.
    ///   - cursor: only what comes after this place.
    public func log(
        of node: Node, last: Int?, after cursor: String? = nil, via: RemoteRoute? = nil
    ) async throws -> NodeLog {
        var words = ["cloudrails-node", "logs", "--no-pager", "--quiet", "--output=short-iso", "--show-cursor"]
        if let last { words.append("--lines=\(last)") }
        if let cursor { words.append("--after-cursor=\(cursor)") }
        let result = try await remote(words, on: node, via: via, title: "cloudrails-node logs")
        guard result.exitCode == 0 else { throw Self.helperFailed(node, result) }
        var log = NodeLog(lines: [], cursor: cursor)
        for line in result.stdout.split(separator: "\n") {
            if line.hasPrefix("-- cursor: ") {
                log.cursor = String(line.dropFirst(11))
            } else {
                log.lines.append(String(line))
            }
        }
        return log
    }
}
