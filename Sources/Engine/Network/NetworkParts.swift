import AWS

/// The parts of a network, each made where it is missing.
extension Environment {
    func ensureVPC(_ network: Network) async throws -> VPC {
        if let vpc = network.vpc { return vpc }
        let name = network.names.network
        return try await step("vpc", "VPC \(name)", done: \.id.description) {
            try await makeOnce(
                CreateVpc(cidrBlock: Subnetting.vpc, tags: Tags.ofNetwork(name, name: name)), duplicate: nil,
                find: { try await aws.all(DescribeVpcs(filters: [Tags.filter(network: name)])).first })
        }
    }

    func ensureInternetGateway(_ network: Network) async throws -> InternetGateway {
        if let gateway = network.internetGateway { return gateway }
        let name = network.names.network
        return try await step("internet-gateway", "internet gateway", done: \.id.description) {
            try await makeOnce(
                CreateInternetGateway(tags: Tags.ofNetwork(name, name: "\(name)-igw")), duplicate: nil,
                find: { try await aws.all(DescribeInternetGateways(filters: [Tags.filter(network: name)])).first })
        }
    }

    /// Joins the gateway to the VPC. `Resource.AlreadyAssociated`: a call whose answer was lost did it.
    func attach(_ gateway: InternetGateway, to vpc: VPCID) async throws -> InternetGateway {
        if gateway.attachedVPCs.contains(vpc) { return gateway }
        _ = try await unlessAlready("Resource.AlreadyAssociated") {
            try await settled(AttachInternetGateway(internetGatewayID: gateway.id, vpcID: vpc))
        }
        var attached = gateway
        attached.attachments = [InternetGatewayAttachment(attaching: vpc)]
        return attached
    }

    func ensureSubnets(_ network: Network, _ vpc: VPCID) async throws -> [Subnet] {
        let missing = network.zones.filter { network.subnet(in: $0.zoneName) == nil }
        guard !missing.isEmpty else { return network.subnets }
        let title = missing.count == 1 ? "subnet" : "\(missing.count) subnets"
        return try await step("subnets", title, done: { "in \($0.map(\.availabilityZone).joined(separator: ", "))" }) {
            let made = try await missing.concurrentMap { try await makeSubnet(in: $0.zoneName, of: network, vpc) }
            return (network.subnets + made).sorted { $0.availabilityZone < $1.availabilityZone }
        }
    }

    private func makeSubnet(in zone: String, of network: Network, _ vpc: VPCID) async throws -> Subnet {
        let name = network.names.network
        let taken = Set(network.subnets.map(\.cidrBlock))
        let block = try Subnetting.block(for: zone, taken: taken)
        return try await makeOnce(
            CreateSubnet(
                vpcID: vpc, cidrBlock: block, availabilityZone: zone,
                tags: Tags.ofNetwork(name, name: "\(name)-\(zone)")),
            duplicate: "InvalidSubnet.Conflict",
            find: {
                let filters = [Tags.filter(network: name), Filter("vpc-id", [vpc.rawValue])]
                return try await aws.all(DescribeSubnets(filters: filters)).first { $0.availabilityZone == zone }
            })
    }

    func ensureRouteTable(_ network: Network, _ vpc: VPCID) async throws -> RouteTable {
        if let table = network.routeTable { return table }
        let name = network.names.network
        return try await step("route-table", "route table", done: \.id.description) {
            try await settled(
                CreateRouteTable(
                    vpcID: vpc, clientToken: ClientToken.random(), tags: Tags.ofNetwork(name, name: "\(name)-rt")))
        }
    }

    /// - Returns: the table's routes, as they are then.
    func ensureDefaultRoute(_ table: RouteTable, through gateway: InternetGatewayID) async throws -> [Route] {
        let everywhere = "0.0.0.0/0"
        if table.routes.contains(where: { $0.destinationCidrBlock == everywhere && $0.gatewayID == gateway.rawValue }) {
            return table.routes
        }
        _ = try await unlessAlready("RouteAlreadyExists") {
            try await settled(
                CreateRoute(routeTableID: table.id, destinationCidrBlock: everywhere, gatewayID: gateway))
        }
        return table.routes + [Route(destinationCidrBlock: everywhere, gatewayID: gateway.rawValue)]
    }

    /// - Returns: the table's associations, as they are then.
    func ensureAssociations(_ table: RouteTable, _ subnets: [Subnet]) async throws -> [RouteTableAssociation] {
        let done = Set(table.associations.compactMap(\.subnetID))
        let made = try await subnets.filter { !done.contains($0.id) }.concurrentMap { subnet in
            _ = try await unlessAlready("Resource.AlreadyAssociated") {
                try await settled(AssociateRouteTable(routeTableID: table.id, subnetID: subnet.id))
            }
            return RouteTableAssociation(subnetID: subnet.id)
        }
        return table.associations + made
    }

    /// A gateway endpoint to S3 costs nothing and keeps Ubuntu's mirrors and snapshots off the metered path.
    func ensureS3Endpoint(_ network: Network, _ vpc: VPCID, _ table: RouteTableID) async throws -> VPCEndpoint {
        if let endpoint = network.endpoints.first { return endpoint }
        let name = network.names.network
        return try await step("s3-endpoint", "S3 gateway endpoint", done: \.id.description) {
            try await settled(
                CreateVpcEndpoint(
                    vpcID: vpc, serviceName: "com.amazonaws.\(region).s3", routeTableIDs: [table],
                    clientToken: ClientToken.random(), tags: Tags.ofNetwork(name, name: "\(name)-s3")))
        }
    }
}

/// How the VPC's addresses are divided: sixteen subnets of 4,091 usable addresses.
enum Subnetting {
    static let vpc = "10.1.0.0/16"

    /// A zone's block follows from its letter, so two runs choose alike; where letters fail, the first free one.
    static func block(for zone: String, taken: Set<String>) throws -> String {
        let blocks = (0..<16).map { "10.1.\($0 * 16).0/20" }
        if let letter = zone.utf8.last, (UInt8(ascii: "a")...UInt8(ascii: "p")).contains(letter) {
            let block = blocks[Int(letter - UInt8(ascii: "a"))]
            if !taken.contains(block) { return block }
        }
        guard let free = blocks.last(where: { !taken.contains($0) }) else {
            throw Problem("No free block of addresses is left in \(vpc) for \(zone)")
        }
        return free
    }
}

extension Sequence where Element: Sendable {
    /// Runs a piece of work for every element, all side by side; results come in the elements' order.
    func concurrentMap<Value: Sendable>(
        _ work: @escaping @Sendable (Element) async throws -> Value
    ) async throws -> [Value] {
        try await withThrowingTaskGroup(of: (Int, Value).self) { group in
            var count = 0
            for (index, element) in enumerated() {
                group.addTask { (index, try await work(element)) }
                count += 1
            }
            var results = [Value?](repeating: nil, count: count)
            for try await (index, value) in group { results[index] = value }
            return results.compactMap { $0 }
        }
    }
}
