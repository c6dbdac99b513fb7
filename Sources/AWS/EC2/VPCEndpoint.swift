/// A VPC endpoint.
public struct VPCEndpoint: Sendable {
    /// Its id.
    public var id: VPCEndpointID
    /// Its VPC.
    public var vpcID: VPCID?
    /// The service, such as `com.amazonaws.us-east-2.s3`.
    public var serviceName: String
    /// `pending`, `available`, `deleting`, `deleted`, …; AWS is not of one mind about capitals.
    public var state: String
    /// Its tags.
    public var tags: [String: String]

    init(_ xml: XMLElement) throws {
        id = try xml.id("vpcEndpointId")
        vpcID = xml.optionalID("vpcId")
        serviceName = xml["serviceName"] ?? ""
        state = xml["state"] ?? ""
        tags = xml.tags
    }

    fileprivate init(planned call: CreateVpcEndpoint) {
        id = "vpce-planned"
        vpcID = call.vpcID
        serviceName = call.serviceName
        state = "pending"
        tags = Tag.dictionary(call.tags)
    }
}

/// The id of a VPC endpoint.
public typealias VPCEndpointID = ResourceID<VPCEndpoint>

/// EC2 DescribeVpcEndpoints.
public struct DescribeVpcEndpoints: EC2Operation, ReadOperation, PagedOperation {
    /// VPC endpoints.
    public typealias Item = VPCEndpoint
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

    static func decode(_ answer: XMLElement) throws -> Page<VPCEndpoint> {
        Page(items: try answer.list("vpcEndpointSet").map(VPCEndpoint.init), nextToken: answer["nextToken"])
    }
}

/// EC2 CreateVpcEndpoint. Makes a gateway endpoint, which costs nothing.
public struct CreateVpcEndpoint: EC2Operation, DryRunnable {
    /// The endpoint.
    public typealias Output = VPCEndpoint
    /// Its VPC.
    public var vpcID: VPCID
    /// The service.
    public var serviceName: String
    /// The tables that get a route to it.
    public var routeTableIDs: [RouteTableID]
    /// The same token makes the same thing once.
    public var clientToken: String
    /// Tags on it.
    public var tags: [Tag]
    /// True asks for permission only.
    public var dryRun = false
    /// Repeated with the same token.
    public static var repeatability: Repeatability { .withToken }

    /// The call from its parts.
    public init(vpcID: VPCID, serviceName: String, routeTableIDs: [RouteTableID], clientToken: String, tags: [Tag]) {
        self.vpcID = vpcID
        self.serviceName = serviceName
        self.routeTableIDs = routeTableIDs
        self.clientToken = clientToken
        self.tags = tags
    }

    /// What a plan shows.
    public var planned: VPCEndpoint { VPCEndpoint(planned: self) }

    func encode(to form: inout QueryForm) {
        form.set("VpcId", vpcID)
        form.set("VpcEndpointType", "Gateway")
        form.set("ServiceName", serviceName)
        form.set(list: "RouteTableId", routeTableIDs)
        form.set("ClientToken", clientToken)
        form.set(tags, on: "vpc-endpoint")
        form.setDryRun(dryRun)
    }

    static func decode(_ answer: XMLElement) throws -> VPCEndpoint {
        try VPCEndpoint(answer.requiredChild("vpcEndpoint"))
    }
}

/// EC2 DeleteVpcEndpoints. Its answer has status 200 even when an endpoint could not be deleted: that is thrown as an error.
public struct DeleteVpcEndpoints: EC2Operation, DryRunnable {
    /// Nothing.
    public typealias Output = Done
    /// The endpoints.
    public var vpcEndpointIDs: [VPCEndpointID]
    /// True asks for permission only.
    public var dryRun = false
    /// A repeat answers `InvalidVpcEndpoint.NotFound`.
    public static var repeatability: Repeatability { .always }

    /// Deletes these.
    public init(vpcEndpointIDs: [VPCEndpointID]) { self.vpcEndpointIDs = vpcEndpointIDs }

    /// Nothing.
    public var planned: Done { Done() }

    func encode(to form: inout QueryForm) {
        form.set(list: "VpcEndpointId", vpcEndpointIDs)
        form.setDryRun(dryRun)
    }

    static func decode(_ answer: XMLElement) throws -> Done {
        guard let failed = answer.list("unsuccessful").first, let error = failed.child("error") else { return Done() }
        throw AWSError(
            service: .ec2, action: action, code: error["code"] ?? "", message: error["message"] ?? "",
            requestID: answer["requestId"], status: 200)
    }
}
