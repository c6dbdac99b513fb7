import AWS

extension Environment {
    /// Deletes a network, in dependency order: what stands in the VPC, the VPC, the key pair in AWS, the role.
    ///
    /// Refuses while anything lives in the VPC. The private key on this machine stays: it cannot be made again. The role
    /// stays while nodes or networks of ours are left anywhere, as IAM is global.
    /// - Returns: what was kept on purpose, in words.
    public func deleteNetwork(_ network: Network) async throws -> [String] {
        try await refuseWhileInUse(network)
        try await removeLeftovers(of: network)
        async let keyPair: Void = deleteKeyPair(network)
        async let users = network.ownsRole ? usersOfRole() : []
        try await deleteVPC(network)
        try await keyPair
        guard network.ownsRole || network.instanceProfile?.tags[Tags.network] != nil else { return [] }
        let left = try await users
        guard left.isEmpty else { return ["IAM role \(network.names.role): used in \(left.joined(separator: ", "))"] }
        try await step("role", "IAM role \(network.names.role)", done: { "deleted" }) { try await deleteRole(network) }
        return []
    }

    private func deleteVPC(_ network: Network) async throws {
        let gateways = [network.internetGateway].compactMap { $0 }
        guard network.vpc != nil || !gateways.isEmpty else { return }
        let parts = VPCParts(
            routeTables: network.routeTables, subnets: network.subnets, groups: network.securityGroups,
            endpoints: network.endpoints)
        try await step("vpc", "VPC \(network.vpc?.id.description ?? network.names.network)", done: { "deleted" }) {
            try await remove(VPCRemoval(vpc: network.vpc?.id, gateways: gateways, parts: parts))
        }
    }

    private func deleteKeyPair(_ network: Network) async throws {
        guard let key = network.keyPair, network.ownsKeyPair else { return }
        try await step("key-pair", "key pair \(key.keyName) in AWS", done: { "deleted" }) {
            _ = try await unlessMissing { try await aws.call(DeleteKeyPair(keyPairID: key.keyPairID)) }
        }
    }

    private func deleteRole(_ network: Network) async throws {
        let name = network.names.role
        async let detached: Void = forEachPolicy(of: network)
        if let profile = network.instanceProfile, profile.tags[Tags.network] != nil {
            for role in profile.roles {
                _ = try await unlessMissing {
                    try await aws.call(
                        RemoveRoleFromInstanceProfile(instanceProfileName: name, roleName: role.roleName))
                }
            }
            _ = try await unlessMissing { try await aws.call(DeleteInstanceProfile(instanceProfileName: name)) }
        }
        try await detached
        if network.ownsRole { _ = try await unlessMissing { try await aws.call(DeleteRole(roleName: name)) } }
    }

    private func forEachPolicy(of network: Network) async throws {
        guard network.ownsRole else { return }
        let name = network.names.role
        async let inline = unlessMissing {
            try await aws.call(DeleteRolePolicy(roleName: name, policyName: NetworkPolicy.inlineName))
        }
        _ = try await network.attachedPolicies.concurrentMap { policy in
            try await unlessMissing { try await aws.call(DetachRolePolicy(roleName: name, policyARN: policy)) }
        }
        _ = try await inline
    }
}
