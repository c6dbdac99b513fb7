import AWS

extension Environment {
    /// Removes what an earlier run made twice because an answer was lost. Only empty things of ours go.
    func removeLeftovers(of network: Network) async throws {
        let spareGateways = network.internetGateways.filter { $0.id != network.internetGateway?.id }
        let spareTables = network.routeTables.dropFirst().filter(\.associations.isEmpty)
        if !spareTables.isEmpty {
            try await remove(
                VPCRemoval(vpc: nil, gateways: [], parts: VPCParts(routeTables: Array(spareTables))))
        }
        for duplicate in network.duplicates {
            try await removeDuplicate(duplicate.id, spareGateways.filter { $0.attachedVPCs.contains(duplicate.id) })
        }
        let detached = spareGateways.filter(\.attachedVPCs.isEmpty)
        if !detached.isEmpty { try await remove(VPCRemoval(vpc: nil, gateways: detached, parts: VPCParts())) }
    }

    private func removeDuplicate(_ vpc: VPCID, _ gateways: [InternetGateway]) async throws {
        let inside = Filter("vpc-id", [vpc.rawValue])
        let interfaces = try await aws.all(DescribeNetworkInterfaces(filters: [inside]))
        guard interfaces.isEmpty else {
            events(.warning("\(vpc) carries this network's tag too, and \(interfaces.count) interfaces live in it"))
            return
        }
        events(.note("Removing \(vpc), which an earlier run left behind"))
        try await remove(VPCRemoval(vpc: vpc, gateways: gateways, parts: try await ownParts(of: vpc)))
    }

    /// What in a VPC carries a network's tag: the VPC's main route table and default group go with it.
    private func ownParts(of vpc: VPCID) async throws -> VPCParts {
        let filters = [Filter("vpc-id", [vpc.rawValue]), Filter("tag-key", [Tags.network])]
        async let tables = aws.all(DescribeRouteTables(filters: filters))
        async let subnets = aws.all(DescribeSubnets(filters: filters))
        async let groups = aws.all(DescribeSecurityGroups(filters: filters))
        async let endpoints = aws.all(DescribeVpcEndpoints(filters: filters))
        return try await VPCParts(routeTables: tables, subnets: subnets, groups: groups, endpoints: endpoints)
    }
}
