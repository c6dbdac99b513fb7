/// What a network's parts are called. The defaults are the names of the project's older documents: people grep for them.
public struct NetworkNames: Sendable, Equatable {
    /// The network itself; the value of the tag on all its parts.
    public var network: String
    /// The key pair.
    public var keyPair: String
    /// The security group that every node is in.
    public var securityGroup: String
    /// The IAM role and its instance profile. IAM is global: one role serves the networks of all regions.
    public var role: String

    /// Names from the network's, as far as they are not given.
    public init(
        network: String = "blockchain-nodes", keyPair: String? = nil, securityGroup: String? = nil,
        role: String = "blockchain-node-role"
    ) {
        self.network = network
        self.keyPair = keyPair ?? "\(network)-keypair"
        self.securityGroup = securityGroup ?? "\(network)-sg"
        self.role = role
    }

    /// The name of the security group that opens a target's peer-to-peer ports: `blockchain-nodes-bitcoin.org-mainnet`.
    func targetGroup(_ target: String) -> String { "\(network)-\(target.replacing("/", with: "-"))" }
}
