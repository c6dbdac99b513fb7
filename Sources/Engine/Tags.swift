import AWS

/// The tags that make AWS the only state: what carries none of them is not ours.
public enum Tags {
    /// Of all keys.
    static let prefix = "cloudrails:"
    /// On everything that belongs to a network.
    public static let network = "cloudrails:network"
    /// On everything that belongs to a node.
    public static let node = "cloudrails:node"
    /// On instances, data volumes, images and snapshots: the target.
    public static let chain = "cloudrails:chain"
    /// On images and their snapshots: the height of the last block.
    public static let height = "cloudrails:height"
    /// On images and their snapshots: that block's hash.
    public static let hash = "cloudrails:hash"
    /// On images and their snapshots: the programs with their versions.
    public static let client = "cloudrails:client"
    /// On images and snapshots: `clean`, or `crash` where a client was writing; `sealing` while an image is being made.
    public static let consistency = "cloudrails:consistency"
    /// On images and their snapshots: the token of the seal under which they were made, and the image's suffix if it has one.
    public static let seal = "cloudrails:seal"
    /// On images and their snapshots: the files that look like a wallet and were allowed to be on them.
    public static let allowed = "cloudrails:allowed"
    /// On snapshots: one word each. On a volume: the word of the snapshot that is under way, empty when there is none.
    public static let snapshot = "cloudrails:snapshot"
    /// On images and their snapshots: `yes` until all is done with the image that its command was asked for, then empty.
    public static let unfinished = "cloudrails:unfinished"
    /// On snapshots whose image is being deleted: that image's id and name.
    public static let deleting = "cloudrails:deleting"
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
