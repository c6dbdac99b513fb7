/// A network interface: what keeps a subnet from being deleted.
public struct NetworkInterface: Sendable {
    /// Its id.
    public var id: NetworkInterfaceID
    /// What made it, in words.
    public var description: String
    /// Its subnet.
    public var subnetID: SubnetID?
    /// `in-use`, `available`, …
    public var status: String

    init(_ xml: XMLElement) throws {
        id = try xml.id("networkInterfaceId")
        description = xml["description"] ?? ""
        subnetID = xml.optionalID("subnetId")
        status = xml["status"] ?? ""
    }
}

/// The id of a network interface.
public typealias NetworkInterfaceID = ResourceID<NetworkInterface>

/// EC2 DescribeNetworkInterfaces.
public struct DescribeNetworkInterfaces: EC2Operation, ReadOperation, PagedOperation {
    /// Network interfaces.
    public typealias Item = NetworkInterface
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

    static func decode(_ answer: XMLElement) throws -> Page<NetworkInterface> {
        Page(items: try answer.list("networkInterfaceSet").map(NetworkInterface.init), nextToken: answer["nextToken"])
    }
}
