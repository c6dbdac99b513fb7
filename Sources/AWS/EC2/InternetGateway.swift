/// An internet gateway.
public struct InternetGateway: Sendable {
    /// Its id.
    public var id: InternetGatewayID
    /// What joins it to VPCs: none, or one.
    public var attachments: [InternetGatewayAttachment]
    /// Its tags.
    public var tags: [String: String]

    /// The VPCs that it serves: none, or one.
    public var attachedVPCs: [VPCID] { attachments.filter { $0.state != "detached" }.compactMap(\.vpcID) }

    init(_ xml: XMLElement) throws {
        id = try xml.id("internetGatewayId")
        attachments = xml.list("attachmentSet").map(InternetGatewayAttachment.init)
        tags = xml.tags
    }

    fileprivate init(planned tags: [Tag]) {
        id = "igw-planned"
        attachments = []
        self.tags = Tag.dictionary(tags)
    }
}

/// The id of an internet gateway.
public typealias InternetGatewayID = ResourceID<InternetGateway>

/// What joins an internet gateway to a VPC.
public struct InternetGatewayAttachment: Sendable {
    /// The VPC.
    public var vpcID: VPCID?
    /// `attaching`, `attached`, `detaching`, `detached`; EC2 also says `available`.
    public var state: String

    /// An attachment that was asked for just now.
    public init(attaching vpcID: VPCID) {
        self.vpcID = vpcID
        state = "attaching"
    }

    init(_ xml: XMLElement) {
        vpcID = xml.optionalID("vpcId")
        state = xml["state"] ?? ""
    }
}

/// EC2 DescribeInternetGateways.
public struct DescribeInternetGateways: EC2Operation, ReadOperation, PagedOperation {
    /// Internet gateways.
    public typealias Item = InternetGateway
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

    static func decode(_ answer: XMLElement) throws -> Page<InternetGateway> {
        Page(items: try answer.list("internetGatewaySet").map(InternetGateway.init), nextToken: answer["nextToken"])
    }
}

/// EC2 CreateInternetGateway. It takes no ClientToken and a gateway has no unique name: a repeat makes a second one.
public struct CreateInternetGateway: EC2Operation, DryRunnable {
    /// The gateway, serving no VPC yet.
    public typealias Output = InternetGateway
    /// Tags on it.
    public var tags: [Tag]
    /// True asks for permission only.
    public var dryRun = false
    /// Never repeated blindly.
    public static var repeatability: Repeatability { .never }

    /// The call from its parts.
    public init(tags: [Tag]) {
        self.tags = tags
    }

    /// What a plan shows.
    public var planned: InternetGateway { InternetGateway(planned: tags) }

    func encode(to form: inout QueryForm) {
        form.set(tags, on: "internet-gateway")
        form.setDryRun(dryRun)
    }

    static func decode(_ answer: XMLElement) throws -> InternetGateway {
        try InternetGateway(answer.requiredChild("internetGateway"))
    }
}

/// EC2 AttachInternetGateway.
public struct AttachInternetGateway: EC2Operation, SilentOperation, DryRunnable {
    /// The gateway.
    public var internetGatewayID: InternetGatewayID
    /// The VPC.
    public var vpcID: VPCID
    /// True asks for permission only.
    public var dryRun = false
    /// A repeat answers `Resource.AlreadyAssociated`.
    public static var repeatability: Repeatability { .always }

    /// The call from its parts.
    public init(internetGatewayID: InternetGatewayID, vpcID: VPCID) {
        self.internetGatewayID = internetGatewayID
        self.vpcID = vpcID
    }

    func encode(to form: inout QueryForm) {
        form.set("InternetGatewayId", internetGatewayID)
        form.set("VpcId", vpcID)
        form.setDryRun(dryRun)
    }
}

/// EC2 DetachInternetGateway. Fails with `DependencyViolation` while public addresses are in use.
public struct DetachInternetGateway: EC2Operation, SilentOperation, DryRunnable {
    /// The gateway.
    public var internetGatewayID: InternetGatewayID
    /// The VPC.
    public var vpcID: VPCID
    /// True asks for permission only.
    public var dryRun = false
    /// A repeat answers `Gateway.NotAttached`.
    public static var repeatability: Repeatability { .always }

    /// The call from its parts.
    public init(internetGatewayID: InternetGatewayID, vpcID: VPCID) {
        self.internetGatewayID = internetGatewayID
        self.vpcID = vpcID
    }

    func encode(to form: inout QueryForm) {
        form.set("InternetGatewayId", internetGatewayID)
        form.set("VpcId", vpcID)
        form.setDryRun(dryRun)
    }
}

/// EC2 DeleteInternetGateway.
public struct DeleteInternetGateway: EC2Operation, SilentOperation, DryRunnable {
    /// The gateway.
    public var internetGatewayID: InternetGatewayID
    /// True asks for permission only.
    public var dryRun = false
    /// A repeat answers `InvalidInternetGatewayID.NotFound`.
    public static var repeatability: Repeatability { .always }

    /// The call from its parts.
    public init(internetGatewayID: InternetGatewayID) {
        self.internetGatewayID = internetGatewayID
    }

    func encode(to form: inout QueryForm) {
        form.set("InternetGatewayId", internetGatewayID)
        form.setDryRun(dryRun)
    }
}
