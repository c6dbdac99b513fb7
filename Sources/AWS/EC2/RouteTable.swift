/// A route table.
public struct RouteTable: Sendable {
    /// Its id.
    public var id: RouteTableID
    /// Its VPC.
    public var vpcID: VPCID?
    /// What it routes.
    public var routes: [Route]
    /// The subnets that it serves.
    public var associations: [RouteTableAssociation]
    /// Its tags.
    public var tags: [String: String]

    init(_ xml: XMLElement) throws {
        id = try xml.id("routeTableId")
        vpcID = xml.optionalID("vpcId")
        routes = xml.list("routeSet").map(Route.init)
        associations = xml.list("associationSet").map(RouteTableAssociation.init)
        tags = xml.tags
    }

    fileprivate init(planned vpcID: VPCID, _ tags: [Tag]) {
        id = "rtb-planned"
        self.vpcID = vpcID
        routes = []
        associations = []
        self.tags = Tag.dictionary(tags)
    }
}

/// The id of a route table.
public typealias RouteTableID = ResourceID<RouteTable>

/// A route.
public struct Route: Sendable {
    /// Where to, IPv4.
    public var destinationCidrBlock: String?
    /// Through which gateway.
    public var gatewayID: String?

    /// A route from its parts.
    public init(destinationCidrBlock: String, gatewayID: String) {
        self.destinationCidrBlock = destinationCidrBlock
        self.gatewayID = gatewayID
    }

    init(_ xml: XMLElement) {
        destinationCidrBlock = xml["destinationCidrBlock"]
        gatewayID = xml["gatewayId"]
    }
}

/// What joins a route table and a subnet.
public struct RouteTableAssociation: Sendable {
    /// The subnet; nil for the association that makes it the VPC's main table.
    public var subnetID: SubnetID?
    /// True for the VPC's main table.
    public var main: Bool

    /// An association with a subnet.
    public init(subnetID: SubnetID) {
        self.subnetID = subnetID
        main = false
    }

    init(_ xml: XMLElement) {
        subnetID = xml.optionalID("subnetId")
        main = xml.bool("main")
    }
}

/// EC2 DescribeRouteTables.
public struct DescribeRouteTables: EC2Operation, ReadOperation, PagedOperation {
    /// Route tables.
    public typealias Item = RouteTable
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

    static func decode(_ answer: XMLElement) throws -> Page<RouteTable> {
        Page(items: try answer.list("routeTableSet").map(RouteTable.init), nextToken: answer["nextToken"])
    }
}

/// EC2 CreateRouteTable.
public struct CreateRouteTable: EC2Operation, DryRunnable {
    /// The route table.
    public typealias Output = RouteTable
    /// Its VPC.
    public var vpcID: VPCID
    /// The same token makes the same thing once.
    public var clientToken: String
    /// Tags on it.
    public var tags: [Tag]
    /// True asks for permission only.
    public var dryRun = false
    /// Repeated with the same token.
    public static var repeatability: Repeatability { .withToken }

    /// The call from its parts.
    public init(vpcID: VPCID, clientToken: String, tags: [Tag]) {
        self.vpcID = vpcID
        self.clientToken = clientToken
        self.tags = tags
    }

    /// What a plan shows.
    public var planned: RouteTable { RouteTable(planned: vpcID, tags) }

    func encode(to form: inout QueryForm) {
        form.set("VpcId", vpcID)
        form.set("ClientToken", clientToken)
        form.set(tags, on: "route-table")
        form.setDryRun(dryRun)
    }

    static func decode(_ answer: XMLElement) throws -> RouteTable {
        try RouteTable(answer.requiredChild("routeTable"))
    }
}

/// EC2 CreateRoute.
public struct CreateRoute: EC2Operation, SilentOperation, DryRunnable {
    /// The table.
    public var routeTableID: RouteTableID
    /// Where to, IPv4.
    public var destinationCidrBlock: String
    /// Through which gateway.
    public var gatewayID: InternetGatewayID
    /// True asks for permission only.
    public var dryRun = false
    /// A repeat answers `RouteAlreadyExists`, or nothing when the route is the same.
    public static var repeatability: Repeatability { .always }

    /// The call from its parts.
    public init(routeTableID: RouteTableID, destinationCidrBlock: String, gatewayID: InternetGatewayID) {
        self.routeTableID = routeTableID
        self.destinationCidrBlock = destinationCidrBlock
        self.gatewayID = gatewayID
    }

    func encode(to form: inout QueryForm) {
        form.set("RouteTableId", routeTableID)
        form.set("DestinationCidrBlock", destinationCidrBlock)
        form.set("GatewayId", gatewayID)
        form.setDryRun(dryRun)
    }
}

/// EC2 AssociateRouteTable.
public struct AssociateRouteTable: EC2Operation, SilentOperation, DryRunnable {
    /// The table.
    public var routeTableID: RouteTableID
    /// The subnet.
    public var subnetID: SubnetID
    /// True asks for permission only.
    public var dryRun = false
    /// A repeat answers the same, or `Resource.AlreadyAssociated`.
    public static var repeatability: Repeatability { .always }

    /// The call from its parts.
    public init(routeTableID: RouteTableID, subnetID: SubnetID) {
        self.routeTableID = routeTableID
        self.subnetID = subnetID
    }

    func encode(to form: inout QueryForm) {
        form.set("RouteTableId", routeTableID)
        form.set("SubnetId", subnetID)
        form.setDryRun(dryRun)
    }
}

/// EC2 DeleteRouteTable. Fails with `DependencyViolation` while subnets use it.
public struct DeleteRouteTable: EC2Operation, SilentOperation, DryRunnable {
    /// The table.
    public var routeTableID: RouteTableID
    /// True asks for permission only.
    public var dryRun = false
    /// A repeat answers `InvalidRouteTableID.NotFound`.
    public static var repeatability: Repeatability { .always }

    /// The call from its parts.
    public init(routeTableID: RouteTableID) {
        self.routeTableID = routeTableID
    }

    func encode(to form: inout QueryForm) {
        form.set("RouteTableId", routeTableID)
        form.setDryRun(dryRun)
    }
}
