import AWS

extension Environment {
    /// Nil where a rule of the node's security groups opens port 22 to the caller. EC2 DescribeSecurityGroups.
    func whyPort22IsClosed(_ node: Node, _ settings: RemoteSettings) async throws -> RouteBarred? {
        let filters = [
            Filter("group-name", node.securityGroups), Filter("vpc-id", node.vpc.map { [$0] } ?? []),
        ].filter { !$0.values.isEmpty }
        let groups = try await aws.all(DescribeSecurityGroups(filters: filters))
        let ranges = groups.flatMap(\.ipPermissions).filter { $0.lets(tcp: 22) }
            .flatMap(\.ipRanges).compactMap { try? CIDR($0.cidrIP) }
        guard !ranges.isEmpty else {
            return closed("port 22 of \(node.name) is closed")
        }
        guard !ranges.contains(where: \.isEveryone) else { return nil }
        guard let own = try? await settings.ownAddress() else {
            return closed("port 22 is open to \(ranges[0]), and your own address could not be found")
        }
        if ranges.contains(where: { $0.contains(own) }) { return nil }
        return closed("port 22 is open to \(ranges.map(\.description).joined(separator: ", ")), and you are \(own)")
    }

    private func closed(_ reason: String) -> RouteBarred {
        RouteBarred(route: .ssh, reason: reason, fix: "cloudrails network allow-ssh me")
    }
}

extension IPPermission {
    /// True where it lets this TCP port in. The protocol `-1` means all protocols and ports.
    fileprivate func lets(tcp port: Int) -> Bool {
        if ipProtocol == "-1" { return true }
        return ipProtocol == "tcp" && (fromPort ?? 0) <= port && port <= (toPort ?? 65_535)
    }
}
