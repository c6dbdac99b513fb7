/// A virtual private cloud.
public struct VPC: Sendable {
    /// Its id.
    public var id: VPCID
    /// Its IPv4 addresses.
    public var cidrBlock: String
    /// `pending` or `available`.
    public var state: String
    /// True for the one that AWS made.
    public var isDefault: Bool
    /// Its tags.
    public var tags: [String: String]

    init(_ xml: XMLElement) throws {
        id = try xml.id("vpcId")
        cidrBlock = xml["cidrBlock"] ?? ""
        state = xml["state"] ?? ""
        isDefault = xml.bool("isDefault")
        tags = xml.tags
    }

    fileprivate init(planned cidrBlock: String, tags: [Tag]) {
        id = "vpc-planned"
        self.cidrBlock = cidrBlock
        state = "pending"
        isDefault = false
        self.tags = Tag.dictionary(tags)
    }
}

/// The id of a VPC.
public typealias VPCID = ResourceID<VPC>

/// EC2 DescribeVpcs.
public struct DescribeVpcs: EC2Operation, ReadOperation, PagedOperation {
    /// VPCs.
    public typealias Item = VPC
    /// Which ones.
    public var filters: [Filter]
    /// What the page before said.
    public var nextToken: String?

    /// All VPCs that fit the filters.
    public init(filters: [Filter] = []) { self.filters = filters }

    func encode(to form: inout QueryForm) {
        form.set(filters)
        form.set("NextToken", nextToken)
    }

    static func decode(_ answer: XMLElement) throws -> Page<VPC> {
        Page(items: try answer.list("vpcSet").map(VPC.init), nextToken: answer["nextToken"])
    }
}

/// EC2 CreateVpc. It takes no ClientToken and a VPC has no unique name: a repeat makes a second one.
public struct CreateVpc: EC2Operation, DryRunnable {
    /// The VPC.
    public typealias Output = VPC
    /// The IPv4 addresses.
    public var cidrBlock: String
    /// Tags on the VPC.
    public var tags: [Tag]
    /// True asks for permission only.
    public var dryRun = false
    /// Never repeated blindly.
    public static var repeatability: Repeatability { .never }

    /// A VPC with these addresses.
    public init(cidrBlock: String, tags: [Tag]) {
        self.cidrBlock = cidrBlock
        self.tags = tags
    }

    /// A VPC that does not exist.
    public var planned: VPC { VPC(planned: cidrBlock, tags: tags) }

    func encode(to form: inout QueryForm) {
        form.set("CidrBlock", cidrBlock)
        form.set(tags, on: "vpc")
        form.setDryRun(dryRun)
    }

    static func decode(_ answer: XMLElement) throws -> VPC {
        try VPC(answer.requiredChild("vpc"))
    }
}

/// EC2 DeleteVpc. Fails with `DependencyViolation` while anything is in it.
public struct DeleteVpc: EC2Operation, SilentOperation, DryRunnable {
    /// The VPC.
    public var vpcID: VPCID
    /// True asks for permission only.
    public var dryRun = false
    /// A repeat answers `InvalidVpcID.NotFound`.
    public static var repeatability: Repeatability { .always }

    /// Deletes this VPC.
    public init(vpcID: VPCID) { self.vpcID = vpcID }

    func encode(to form: inout QueryForm) {
        form.set("VpcId", vpcID)
        form.setDryRun(dryRun)
    }
}
