import AWS

/// A VPC of ours with all that we hung on it, in the order in which AWS lets go of it.
struct VPCRemoval: Sendable {
    var vpc: VPCID?
    var gateways: [InternetGateway]
    var parts: VPCParts
}

extension Environment {
    /// Deletes endpoints, subnets and security groups and detaches gateways side by side, then gateways and route tables,
    /// then the VPC. Whatever is gone already counts as deleted, so a run that was cut short is simply run again.
    func remove(_ removal: VPCRemoval) async throws {
        let parts = removal.parts
        async let endpoints: Void = removeEndpoints(parts.endpoints.map(\.id))
        async let gateways: Void = detach(removal.gateways)
        async let groups: Void = removeEach(parts.groups.map(\.id)) { DeleteSecurityGroup(groupID: $0) }
        try await removeEach(parts.subnets.map(\.id)) { DeleteSubnet(subnetID: $0) }
        _ = try await (endpoints, gateways, groups)
        // A subnet takes its association with the route table along.
        async let tables: Void = removeEach(parts.routeTables.map(\.id)) { DeleteRouteTable(routeTableID: $0) }
        try await removeEach(removal.gateways.map(\.id)) { DeleteInternetGateway(internetGatewayID: $0) }
        try await tables
        if let vpc = removal.vpc { try await removeEach([vpc]) { DeleteVpc(vpcID: $0) } }
    }

    private func removeEndpoints(_ ids: [VPCEndpointID]) async throws {
        guard !ids.isEmpty else { return }
        _ = try await unlessMissing { try await aws.call(DeleteVpcEndpoints(vpcEndpointIDs: ids)) }
    }

    private func detach(_ gateways: [InternetGateway]) async throws {
        _ = try await gateways.concurrentMap { gateway in
            for vpc in gateway.attachedVPCs {
                _ = try await unlessAlready("Gateway.NotAttached") {
                    try await letGo(DetachInternetGateway(internetGatewayID: gateway.id, vpcID: vpc))
                }
            }
        }
    }

    private func removeEach<Resource, Operation: AWSOperation>(
        _ ids: [ResourceID<Resource>], _ operation: @escaping @Sendable (ResourceID<Resource>) -> Operation
    ) async throws {
        _ = try await ids.concurrentMap { try await letGo(operation($0)) }
    }

    /// Deletes something that others may hold for a moment longer: AWS tears interfaces and endpoints down behind the call.
    private func letGo<Operation: AWSOperation>(_ operation: Operation) async throws {
        var last: AWSError?
        let done = try await patience.poll(limit: isPlan ? .zero : .seconds(120)) { () async throws -> Bool? in
            do {
                _ = try await aws.call(operation)
                return true
            } catch let error as AWSError where error.kind == .notYetVisible {
                return true
            } catch let error as AWSError where error.code == "DependencyViolation" {
                last = error
                return nil
            }
        }
        if done == nil, let last { throw last }
    }
}
