/// `<id>/<node>`: the project's domain, and the client and network that the node runs.
public struct Target: Hashable, Sendable, CustomStringConvertible, Comparable {
    /// The project's domain, such as `ethereum.org`.
    public let id: String
    /// Client and network, such as `geth-mainnet`.
    public let node: String

    /// A target from its two parts.
    public init(id: String, node: String) {
        self.id = id
        self.node = node
    }

    /// Reads a target as people type it; nil for what has not two parts.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, !parts.contains("") else { return nil }
        self.init(id: parts[0], node: parts[1])
    }

    /// As people type it.
    public var description: String { "\(id)/\(node)" }
    /// The name that a node gets when none is asked for: `ethereum.org-geth-mainnet`.
    public var defaultNodeName: String { "\(id)-\(node)" }
    /// By text.
    public static func < (left: Target, right: Target) -> Bool { left.description < right.description }
}
