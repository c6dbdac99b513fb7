import AWS

/// What keeps a network from being deleted.
extension Environment {
    /// - Throws: `Problem` that names every node, interface or other thing in the VPC that is in the way.
    func refuseWhileInUse(_ network: Network) async throws {
        guard let vpc = network.vpc else { return }
        let inside = Filter("vpc-id", [vpc.id.rawValue])
        async let instances = aws.all(DescribeInstances(filters: [inside, Instance.alive]))
        async let interfaces = aws.all(DescribeNetworkInterfaces(filters: [inside]))
        async let foreign = foreignParts(of: inside)

        let living = try await instances.map { instance in
            instance.tags[Tags.node].map { "node \($0) (\(instance.id))" } ?? "instance \(instance.id)"
        }
        guard living.isEmpty else {
            throw Problem(
                "The network \(network.names.network) has nodes in it", cause: living.joined(separator: ", "),
                fix: "cloudrails node terminate NAME, for each of them")
        }
        let blocking = try await interfaces.map { "network interface \($0.id) (\($0.description))" } + foreign
        guard blocking.isEmpty else {
            throw Problem(
                "Other things live in \(vpc.id), and they are not ours to delete",
                cause: blocking.joined(separator: ", "), fix: "remove them, then run the same command again")
        }
    }

    /// What stands in the VPC without a tag of ours; its default group and main route table go with the VPC.
    private func foreignParts(of inside: Filter) async throws -> [String] {
        async let subnets = aws.all(DescribeSubnets(filters: [inside]))
        async let groups = aws.all(DescribeSecurityGroups(filters: [inside]))
        async let tables = aws.all(DescribeRouteTables(filters: [inside]))
        let foreign = { (tags: [String: String]) in tags[Tags.network] == nil }
        return try await subnets.filter { foreign($0.tags) }.map { "subnet \($0.id)" }
            + groups.filter { foreign($0.tags) && $0.groupName != "default" }.map { "security group \($0.id)" }
            + tables.filter { table in foreign(table.tags) && !table.associations.contains(where: \.main) }
            .map { "route table \($0.id)" }
    }

    /// Where nodes or other networks of ours are left: the role serves them all. A region that does not answer counts.
    func usersOfRole() async throws -> [String] {
        let regions = try await aws.call(DescribeRegions())
        let used = try await regions.concurrentMap { other in
            try await isRoleUsed(in: other.regionName) ? other.regionName : nil
        }
        return used.compactMap { $0 }.sorted()
    }

    private func isRoleUsed(in other: String) async throws -> Bool {
        let ours = Filter("tag-key", [Tags.network])
        do {
            async let nodes = aws.call(DescribeInstances(filters: [ours, Instance.alive]), region: other)
            if other == region { return try await !nodes.items.isEmpty }
            async let networks = aws.call(DescribeVpcs(filters: [ours]), region: other)
            let (livingNodes, theirNetworks) = try await (nodes.items, networks.items)
            return !livingNodes.isEmpty || !theirNetworks.isEmpty
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            events(.warning("\(other) does not answer, so the IAM role is kept: \(error)"))
            return true
        }
    }
}

extension Instance {
    /// Every state but terminated: what still costs money or holds an interface.
    static let alive = Filter("instance-state-name", ["pending", "running", "stopping", "stopped", "shutting-down"])
}
