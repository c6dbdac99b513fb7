import AWS

extension Environment {
    /// Finds what exists of a network.
    ///
    /// Two rounds of calls made side by side. What hangs on a VPC or a role is asked for only where there is one, so an
    /// empty account costs six calls.
    /// DescribeVpcs, DescribeInternetGateways, DescribeKeyPairs, DescribeAvailabilityZones, GetRole, GetInstanceProfile;
    /// then DescribeRouteTables, DescribeSubnets, DescribeSecurityGroups, DescribeVpcEndpoints, ListAttachedRolePolicies,
    /// GetRolePolicy.
    public func discoverNetwork(_ names: NetworkNames) async throws -> Network {
        let tag = Tags.filter(network: names.network)
        async let vpcs = aws.all(DescribeVpcs(filters: [tag]))
        async let gateways = aws.all(DescribeInternetGateways(filters: [tag]))
        async let keyPairs = aws.call(DescribeKeyPairs(filters: [Filter("key-name", [names.keyPair])]))
        async let zones = usableZones()
        async let roleSide = discoverRole(names.role)

        let allVPCs = try await vpcs
        let hangsOn = allVPCs.isEmpty ? VPCParts() : try await discoverVPCParts(tag)
        var network = Network(names: names)
        let (role, profile, attached, inline) = try await roleSide
        (network.role, network.instanceProfile) = (role, profile)
        (network.attachedPolicies, network.inlinePolicy) = (attached, inline)
        network.zones = try await zones
        network.keyPair = try await keyPairs.first
        let ranked = allVPCs.sorted { hangsOn.count(in: $0.id) > hangsOn.count(in: $1.id) }
        network.vpc = ranked.first
        network.duplicates = Array(ranked.dropFirst())
        network.take(hangsOn, gateways: try await gateways)
        return network
    }

    /// Availability zones that the account can use: neither local zones nor zones that it has not opted in to.
    private func usableZones() async throws -> [AvailabilityZone] {
        let filters = [Filter("zone-type", ["availability-zone"]), Filter("state", ["available"])]
        return try await aws.call(DescribeAvailabilityZones(filters: filters))
            .filter { $0.optInStatus != "not-opted-in" }
            .sorted { $0.zoneName < $1.zoneName }
    }

    private func discoverVPCParts(_ tag: Filter) async throws -> VPCParts {
        async let routeTables = aws.all(DescribeRouteTables(filters: [tag]))
        async let subnets = aws.all(DescribeSubnets(filters: [tag]))
        async let groups = aws.all(DescribeSecurityGroups(filters: [tag]))
        async let endpoints = aws.all(DescribeVpcEndpoints(filters: [tag]))
        return try await VPCParts(
            routeTables: routeTables, subnets: subnets, groups: groups,
            endpoints: endpoints.filter { !["deleting", "deleted"].contains($0.state.lowercased()) })
    }

    private func discoverRole(_ name: String) async throws -> (Role?, InstanceProfile?, [String], String?) {
        async let profile = unlessMissing { try await aws.call(GetInstanceProfile(instanceProfileName: name)) }
        guard let role = try await unlessMissing({ try await aws.call(GetRole(roleName: name)) }) else {
            return (nil, try await profile, [], nil)
        }
        async let attached = aws.all(ListAttachedRolePolicies(roleName: name))
        async let inline = unlessMissing {
            try await aws.call(GetRolePolicy(roleName: name, policyName: NetworkPolicy.inlineName))
        }
        return try await (role, profile, attached.map(\.policyARN), inline?.policyDocument)
    }
}

/// What hangs on the VPCs of a network, before it is told which VPC is the one.
struct VPCParts: Sendable {
    var routeTables: [RouteTable] = []
    var subnets: [Subnet] = []
    var groups: [SecurityGroup] = []
    var endpoints: [VPCEndpoint] = []

    func count(in vpc: VPCID) -> Int {
        routeTables.count { $0.vpcID == vpc } + subnets.count { $0.vpcID == vpc } + groups.count { $0.vpcID == vpc }
            + endpoints.count { $0.vpcID == vpc }
    }
}

extension Network {
    fileprivate mutating func take(_ parts: VPCParts, gateways: [InternetGateway]) {
        let id = vpc?.id
        routeTables = parts.routeTables.filter { $0.vpcID == id }
            .sorted { $0.associations.count > $1.associations.count }
        subnets = parts.subnets.filter { $0.vpcID == id }.sorted { $0.availabilityZone < $1.availabilityZone }
        securityGroups = parts.groups.filter { $0.vpcID == id }.sorted { $0.groupName < $1.groupName }
        endpoints = parts.endpoints.filter { $0.vpcID == id }
        internetGateways = gateways.sorted { rank($0) < rank($1) }
    }

    /// The gateway that serves the VPC comes first, then one that serves none, then those of other VPCs.
    private func rank(_ gateway: InternetGateway) -> Int {
        if let vpc, gateway.attachedVPCs.contains(vpc.id) { return 0 }
        return gateway.attachedVPCs.isEmpty ? 1 : 2
    }
}

/// nil where AWS says that there is no such thing.
func unlessMissing<Value>(_ work: () async throws -> Value) async throws -> Value? {
    do {
        return try await work()
    } catch let error as AWSError where error.kind == .notYetVisible {
        return nil
    }
}
