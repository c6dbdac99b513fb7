public import AWS

/// What exists of a network: found by tag (IAM: by name), never by looks.
public struct Network: Sendable {
    /// The names that were looked for.
    public var names: NetworkNames
    /// The VPC. Where several carry the tag, the most complete one.
    public var vpc: VPC?
    /// Other VPCs with the same tag: left behind by a run whose answer was lost.
    public var duplicates: [VPC] = []
    /// Internet gateways with the tag: the one that serves the VPC first, then those that serve none.
    public var internetGateways: [InternetGateway] = []
    /// Route tables with the tag that are in the VPC.
    public var routeTables: [RouteTable] = []
    /// Subnets with the tag that are in the VPC.
    public var subnets: [Subnet] = []
    /// Security groups with the tag that are in the VPC.
    public var securityGroups: [SecurityGroup] = []
    /// The gateway endpoint to S3.
    public var endpoints: [VPCEndpoint] = []
    /// The key pair, ours or not: its name is unique in a region.
    public var keyPair: KeyPairInfo?
    /// The IAM role, ours or not.
    public var role: Role?
    /// The instance profile, ours or not.
    public var instanceProfile: InstanceProfile?
    /// ARNs of the managed policies on the role.
    public var attachedPolicies: [String] = []
    /// The inline policy on the role, as JSON.
    public var inlinePolicy: String?
    /// The availability zones that the account can use, by name.
    public var zones: [AvailabilityZone] = []

    /// The internet gateway that serves the VPC.
    public var internetGateway: InternetGateway? {
        internetGateways.first { gateway in gateway.attachedVPCs.allSatisfy { $0 == vpc?.id } }
    }
    /// The route table that serves the subnets.
    public var routeTable: RouteTable? { routeTables.first }
    /// The security group that every node is in.
    public var securityGroup: SecurityGroup? { securityGroups.first { $0.groupName == names.securityGroup } }

    /// The subnet in a zone.
    func subnet(in zone: String) -> Subnet? { subnets.first { $0.availabilityZone == zone } }
    /// The security group that opens a target's ports.
    func targetGroup(_ target: String) -> SecurityGroup? {
        securityGroups.first { $0.groupName == names.targetGroup(target) }
    }
    /// True when the key pair carries our tag.
    var ownsKeyPair: Bool { keyPair?.tags[Tags.network] == names.network }
    /// True when the role carries our tag.
    var ownsRole: Bool { role?.tags[Tags.network] != nil }
    /// True when nothing of the network exists in the region.
    public var isAbsent: Bool { vpc == nil && internetGateways.isEmpty && !ownsKeyPair }
}
