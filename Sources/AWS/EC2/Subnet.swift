/// A subnet.
public struct Subnet: Sendable {
    /// Its id.
    public var id: SubnetID
    /// Its VPC.
    public var vpcID: VPCID
    /// Its IPv4 addresses.
    public var cidrBlock: String
    /// Its zone, such as `us-east-2a`.
    public var availabilityZone: String
    /// Its tags.
    public var tags: [String: String]

    init(_ xml: XMLElement) throws {
        id = try xml.id("subnetId")
        vpcID = try xml.id("vpcId")
        cidrBlock = xml["cidrBlock"] ?? ""
        availabilityZone = xml["availabilityZone"] ?? ""
        tags = xml.tags
    }

    fileprivate init(planned call: CreateSubnet) {
        id = ResourceID(rawValue: "subnet-planned-\(call.availabilityZone)")
        vpcID = call.vpcID
        cidrBlock = call.cidrBlock
        availabilityZone = call.availabilityZone
        tags = Tag.dictionary(call.tags)
    }
}

/// The id of a subnet.
public typealias SubnetID = ResourceID<Subnet>

/// EC2 DescribeSubnets.
public struct DescribeSubnets: EC2Operation, ReadOperation, PagedOperation {
    /// Subnets.
    public typealias Item = Subnet
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

    static func decode(_ answer: XMLElement) throws -> Page<Subnet> {
        Page(items: try answer.list("subnetSet").map(Subnet.init), nextToken: answer["nextToken"])
    }
}

/// EC2 CreateSubnet. Its addresses are its natural key: a repeat answers `InvalidSubnet.Conflict`.
public struct CreateSubnet: EC2Operation, DryRunnable {
    /// The subnet.
    public typealias Output = Subnet
    /// Its VPC.
    public var vpcID: VPCID
    /// Its IPv4 addresses.
    public var cidrBlock: String
    /// Its zone.
    public var availabilityZone: String
    /// Tags on it.
    public var tags: [Tag]
    /// True asks for permission only.
    public var dryRun = false
    /// Never repeated blindly.
    public static var repeatability: Repeatability { .never }

    /// The call from its parts.
    public init(vpcID: VPCID, cidrBlock: String, availabilityZone: String, tags: [Tag]) {
        self.vpcID = vpcID
        self.cidrBlock = cidrBlock
        self.availabilityZone = availabilityZone
        self.tags = tags
    }

    /// What a plan shows.
    public var planned: Subnet { Subnet(planned: self) }

    func encode(to form: inout QueryForm) {
        form.set("VpcId", vpcID)
        form.set("CidrBlock", cidrBlock)
        form.set("AvailabilityZone", availabilityZone)
        form.set(tags, on: "subnet")
        form.setDryRun(dryRun)
    }

    static func decode(_ answer: XMLElement) throws -> Subnet {
        try Subnet(answer.requiredChild("subnet"))
    }
}

/// EC2 DeleteSubnet. Fails with `DependencyViolation` while anything is in it. Its association with a route table goes along.
public struct DeleteSubnet: EC2Operation, SilentOperation, DryRunnable {
    /// The subnet.
    public var subnetID: SubnetID
    /// True asks for permission only.
    public var dryRun = false
    /// A repeat answers `InvalidSubnetID.NotFound`.
    public static var repeatability: Repeatability { .always }

    /// The call from its parts.
    public init(subnetID: SubnetID) {
        self.subnetID = subnetID
    }

    func encode(to form: inout QueryForm) {
        form.set("SubnetId", subnetID)
        form.setDryRun(dryRun)
    }
}
