/// A security group.
public struct SecurityGroup: Sendable {
    /// Its id.
    public var id: SecurityGroupID
    /// Its name, unique in its VPC.
    public var groupName: String
    /// Its VPC.
    public var vpcID: VPCID?
    /// What it lets in.
    public var ipPermissions: [IPPermission]
    /// Its tags.
    public var tags: [String: String]

    init(_ xml: XMLElement) throws {
        id = try xml.id("groupId")
        groupName = xml["groupName"] ?? ""
        vpcID = xml.optionalID("vpcId")
        ipPermissions = xml.list("ipPermissions").map(IPPermission.init)
        tags = xml.tags
    }

    /// A group that was made just now: AWS answers with its id alone.
    public init(id: SecurityGroupID, made call: CreateSecurityGroup) {
        self.id = id
        groupName = call.groupName
        vpcID = call.vpcID
        ipPermissions = []
        tags = Tag.dictionary(call.tags)
    }
}

/// The id of a security group.
public typealias SecurityGroupID = ResourceID<SecurityGroup>

/// A rule: a protocol, a range of ports, and who.
public struct IPPermission: Sendable, Hashable {
    /// `tcp`, `udp`, `icmp`, or `-1` for all.
    public var ipProtocol: String
    /// The first port.
    public var fromPort: Int?
    /// The last port.
    public var toPort: Int?
    /// Who, by IPv4 addresses.
    public var ipRanges: [IPRange]

    /// A rule from its parts.
    public init(ipProtocol: String, fromPort: Int?, toPort: Int?, ipRanges: [IPRange]) {
        self.ipProtocol = ipProtocol
        self.fromPort = fromPort
        self.toPort = toPort
        self.ipRanges = ipRanges
    }

    init(_ xml: XMLElement) {
        ipProtocol = xml["ipProtocol"] ?? ""
        fromPort = xml.int("fromPort")
        toPort = xml.int("toPort")
        ipRanges = xml.list("ipRanges").map { IPRange(cidrIP: $0["cidrIp"] ?? "", description: $0["description"]) }
    }

    fileprivate func encode(at prefix: String, to form: inout QueryForm) {
        form.set("\(prefix).IpProtocol", ipProtocol)
        form.set("\(prefix).FromPort", fromPort)
        form.set("\(prefix).ToPort", toPort)
        for (index, range) in ipRanges.enumerated() {
            form.set("\(prefix).IpRanges.\(index + 1).CidrIp", range.cidrIP)
            form.set("\(prefix).IpRanges.\(index + 1).Description", range.description)
        }
    }
}

/// A range of IPv4 addresses with a word about it.
public struct IPRange: Sendable, Hashable {
    /// Such as `203.0.113.7/32`.
    public var cidrIP: String
    /// At most 255 of letters, digits, spaces and `._-:/()#,@[]+=&;{}!$*`.
    public var description: String?

    /// A range from its parts.
    public init(cidrIP: String, description: String?) {
        self.cidrIP = cidrIP
        self.description = description
    }
}

extension QueryForm {
    fileprivate mutating func set(_ permissions: [IPPermission]) {
        for (index, permission) in permissions.enumerated() {
            permission.encode(at: "IpPermissions.\(index + 1)", to: &self)
        }
    }
}

/// EC2 DescribeSecurityGroups.
public struct DescribeSecurityGroups: EC2Operation, ReadOperation, PagedOperation {
    /// Security groups.
    public typealias Item = SecurityGroup
    /// Which ones.
    public var filters: [Filter]
    /// What the page before said.
    public var nextToken: String?

    /// All that fit.
    public init(filters: [Filter] = []) {
        self.filters = filters
    }

    func encode(to form: inout QueryForm) {
        form.set(filters)
        form.set("NextToken", nextToken)
    }

    static func decode(_ answer: XMLElement) throws -> Page<SecurityGroup> {
        Page(items: try answer.list("securityGroupInfo").map(SecurityGroup.init), nextToken: answer["nextToken"])
    }
}

/// EC2 CreateSecurityGroup. Its name is its natural key: a repeat answers `InvalidGroup.Duplicate`.
public struct CreateSecurityGroup: EC2Operation, DryRunnable {
    /// The group's id.
    public typealias Output = SecurityGroupID
    /// Its name, unique in its VPC.
    public var groupName: String
    /// What it is for; it cannot be changed later.
    public var description: String
    /// Its VPC.
    public var vpcID: VPCID
    /// Tags on it.
    public var tags: [Tag]
    /// True asks for permission only.
    public var dryRun = false
    /// Never repeated blindly.
    public static var repeatability: Repeatability { .never }

    /// The call from its parts.
    public init(groupName: String, description: String, vpcID: VPCID, tags: [Tag]) {
        self.groupName = groupName
        self.description = description
        self.vpcID = vpcID
        self.tags = tags
    }

    /// What a plan shows.
    public var planned: SecurityGroupID { "sg-planned" }

    func encode(to form: inout QueryForm) {
        form.set("GroupName", groupName)
        form.set("GroupDescription", description)
        form.set("VpcId", vpcID)
        form.set(tags, on: "security-group")
        form.setDryRun(dryRun)
    }

    static func decode(_ answer: XMLElement) throws -> SecurityGroupID {
        try answer.id("groupId")
    }
}

/// EC2 AuthorizeSecurityGroupIngress.
public struct AuthorizeSecurityGroupIngress: EC2Operation, SilentOperation, DryRunnable {
    /// The group.
    public var groupID: SecurityGroupID
    /// What to let in.
    public var ipPermissions: [IPPermission]
    /// True asks for permission only.
    public var dryRun = false
    /// A repeat answers `InvalidPermission.Duplicate` and changes nothing.
    public static var repeatability: Repeatability { .always }

    /// The call from its parts.
    public init(groupID: SecurityGroupID, ipPermissions: [IPPermission]) {
        self.groupID = groupID
        self.ipPermissions = ipPermissions
    }

    func encode(to form: inout QueryForm) {
        form.set("GroupId", groupID)
        form.set(ipPermissions)
        form.setDryRun(dryRun)
    }
}

/// EC2 RevokeSecurityGroupIngress.
public struct RevokeSecurityGroupIngress: EC2Operation, SilentOperation, DryRunnable {
    /// The group.
    public var groupID: SecurityGroupID
    /// What to let in no more.
    public var ipPermissions: [IPPermission]
    /// True asks for permission only.
    public var dryRun = false
    /// A repeat answers `InvalidPermission.NotFound`.
    public static var repeatability: Repeatability { .always }

    /// The call from its parts.
    public init(groupID: SecurityGroupID, ipPermissions: [IPPermission]) {
        self.groupID = groupID
        self.ipPermissions = ipPermissions
    }

    func encode(to form: inout QueryForm) {
        form.set("GroupId", groupID)
        form.set(ipPermissions)
        form.setDryRun(dryRun)
    }
}

/// EC2 DeleteSecurityGroup. Fails with `DependencyViolation` while it is in use.
public struct DeleteSecurityGroup: EC2Operation, SilentOperation, DryRunnable {
    /// The group.
    public var groupID: SecurityGroupID
    /// True asks for permission only.
    public var dryRun = false
    /// A repeat answers `InvalidGroup.NotFound`.
    public static var repeatability: Repeatability { .always }

    /// The call from its parts.
    public init(groupID: SecurityGroupID) {
        self.groupID = groupID
    }

    func encode(to form: inout QueryForm) {
        form.set("GroupId", groupID)
        form.setDryRun(dryRun)
    }
}
