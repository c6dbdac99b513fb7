import AWS

extension Environment {
    /// Makes what a network lacks, and nothing when it lacks nothing.
    ///
    /// The key pair comes first: its name is unique in a region, so a key pair without a VPC tells the next run that an
    /// earlier one was cut short, and that what it made may not show yet. Then VPC, internet gateway and role side by side,
    /// then all that hangs on them, then what joins those.
    /// - Parameter found: what `discoverNetwork` saw.
    public func ensureNetwork(_ request: NetworkRequest, found: Network) async throws -> Network {
        async let role = ensureRole(request, found)
        let key = try await ensureKeyPair(request, found.keyPair)
        var network = try await settleInterrupted(found, keyPairWasThere: found.ownsKeyPair || !key.madeNow)
        network.keyPair = key.info
        network = try await ensureVPCSide(request, network)
        network.takeMade(try await role, region: region)
        return network
    }

    /// A network that exists in part was left so by an earlier run: AWS may not show yet what that run made last.
    private func settleInterrupted(_ found: Network, keyPairWasThere: Bool) async throws -> Network {
        let missesPart = found.vpc == nil ? keyPairWasThere : found.lacksUnnamedPart
        guard missesPart, !isPlan else { return found }
        events(.note("An earlier run was cut short: looking for what it made"))
        var latest = found
        _ = try await patience.poll(limit: patience.consistencyWindow) { () async throws -> Bool? in
            latest = try await discoverNetwork(found.names)
            return latest.vpc != nil && !latest.lacksUnnamedPart ? true : nil
        }
        return latest
    }

    private func ensureVPCSide(_ request: NetworkRequest, _ found: Network) async throws -> Network {
        async let unattached = ensureInternetGateway(found)
        let vpc = try await ensureVPC(found)
        let gateway = try await unattached

        async let attached = attach(gateway, to: vpc.id)
        async let allSubnets = ensureSubnets(found, vpc.id)
        async let table = ensureRouteTable(found, vpc.id)
        async let groups = ensureSecurityGroups(request, found, vpc.id)
        let (serving, subnets, routeTable) = try await (attached, allSubnets, table)

        async let endpoint = ensureS3Endpoint(found, vpc.id, routeTable.id)
        async let routes = ensureDefaultRoute(routeTable, through: gateway.id)
        async let associations = ensureAssociations(routeTable, subnets)
        var network = found
        network.vpc = vpc
        network.internetGateways = [serving] + found.internetGateways.filter { $0.id != gateway.id }
        network.subnets = subnets
        network.routeTables = [routeTable] + found.routeTables.dropFirst()
        network.routeTables[0].routes = try await routes
        network.routeTables[0].associations = try await associations
        network.endpoints = [try await endpoint]
        network.securityGroups = try await groups
        try await removeLeftovers(of: network)
        return network
    }
}

extension Network {
    /// True when a part is missing that AWS would let us make twice: what has a natural key needs no second look.
    var lacksUnnamedPart: Bool { internetGateway == nil || routeTables.isEmpty || endpoints.isEmpty }
}
