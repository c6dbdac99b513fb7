/// Everything that the engine must know to run one node of one network: a declaration, without I/O.
public protocol ChainProfile: Sendable {
    /// The name that people type, such as `ethereum.org/geth-mainnet`.
    var target: Target { get }
    /// A line for people, such as `Ethereum mainnet (geth with Lighthouse)`.
    var title: String { get }
    /// What is installed: one release per client program.
    var releases: [Release] { get }
    /// The instance type to take, per architecture that the clients exist for.
    var instanceTypes: [Architecture: InstanceType] { get }
    /// The architecture taken when none is asked for.
    var architecture: Architecture { get }
    /// The data volume.
    var disk: DiskPlan { get }
    /// Ports that the node listens on.
    var ports: [Port] { get }
    /// The systemd services that make up the node, in the order in which they start.
    var services: [Service] { get }
    /// Shell variables for `install.sh`, beside those that the engine sets.
    var settings: [String: String] { get }
    /// Whether the pinned releases still serve this network.
    var validity: Validity { get }
    /// Other targets that this one needs running.
    var requires: [Target] { get }
    /// Where the facts come from.
    var sources: [Source] { get }
    /// `install.sh`: functions with fixed names that run on the node.
    var installScript: [UInt8] { get }
}

extension ChainProfile {
    /// What is installed, for people: programs with their versions, parted by commas.
    public var clients: String { releases.map { "\($0.client) \($0.version)" }.joined(separator: ", ") }
}
