import AWS

/// The tags that make AWS the only state: what carries none of them is not ours.
public enum Tags {
    /// On everything that belongs to a network.
    public static let network = "cloudrails:network"
    /// On everything that belongs to a node.
    public static let node = "cloudrails:node"
    /// On instances and data volumes: the target.
    public static let chain = "cloudrails:chain"
    /// On images and snapshots: `clean`, or `crash` where a client was writing.
    public static let consistency = "cloudrails:consistency"
    /// On snapshots: one word each. On a volume: the word of the snapshot that is under way, empty when there is none.
    public static let snapshot = "cloudrails:snapshot"
    /// Written by the node itself.
    public static let status = "cloudrails:status"

    /// The tags of a thing that belongs to a network.
    static func ofNetwork(_ network: String, name: String) -> [Tag] {
        [Tag(Tags.network, network), Tag("Name", name)]
    }

    /// The tags of a thing that belongs to a node.
    static func ofNode(_ node: String, network: String, chain: String) -> [Tag] {
        [Tag(Tags.node, node), Tag(Tags.network, network), Tag(Tags.chain, chain), Tag("Name", node)]
    }

    /// What belongs to a network.
    static func filter(network: String) -> Filter { Filter("tag:\(Tags.network)", [network]) }
    /// What belongs to a node.
    static func filter(node: String) -> Filter { Filter("tag:\(Tags.node)", [node]) }
}
