import AWS

/// Who may reach port 22 of a network's nodes.
public struct SSHAccess: Sendable, Codable {
    /// The network's name.
    public var network: String
    /// The region.
    public var region: String
    /// The security group that all its nodes are in.
    public var securityGroup: String
    /// The ranges of addresses that port 22 is open to.
    public var openTo: [String]
    /// True when this run changed that.
    public var isChanged: Bool
}

extension Environment {
    /// Opens port 22 of all nodes to a range of addresses; a range that it is open to is no error.
    /// EC2 DescribeSecurityGroups, AuthorizeSecurityGroupIngress.
    public func allowSSH(_ names: NetworkNames, from range: CIDR) async throws -> SSHAccess {
        let group = try await commonGroup(names)
        let rule = IPPermission.ssh(from: range)
        if rule.isHeld(by: group.ipPermissions) { return access(names, group, isChanged: false) }
        _ = try await unlessAlready("InvalidPermission.Duplicate") {
            try await aws.call(AuthorizeSecurityGroupIngress(groupID: group.id, ipPermissions: [rule]))
        }
        var changed = group
        changed.ipPermissions.append(rule)
        return access(names, changed, isChanged: true)
    }

    /// Closes port 22 of all nodes to a range of addresses, or with nil to everybody; one that it is closed to is no error.
    /// EC2 DescribeSecurityGroups, RevokeSecurityGroupIngress.
    public func denySSH(_ names: NetworkNames, from range: CIDR?) async throws -> SSHAccess {
        let group = try await commonGroup(names)
        warnOfWiderRules(group)
        let open = group.sshRanges.filter { range == nil || $0.cidrIP == range?.description }
        guard !open.isEmpty else { return access(names, group, isChanged: false) }
        let rule = IPPermission(ipProtocol: "tcp", fromPort: 22, toPort: 22, ipRanges: open)
        _ = try await unlessAlready("InvalidPermission.NotFound") {
            try await aws.call(RevokeSecurityGroupIngress(groupID: group.id, ipPermissions: [rule]))
        }
        var changed = group
        changed.ipPermissions.removeAll(where: \.isSSH)
        let left = group.sshRanges.filter { !open.contains($0) }
        changed.ipPermissions.append(
            IPPermission(ipProtocol: "tcp", fromPort: 22, toPort: 22, ipRanges: left))
        return access(names, changed, isChanged: true)
    }

    private func access(_ names: NetworkNames, _ group: SecurityGroup, isChanged: Bool) -> SSHAccess {
        SSHAccess(
            network: names.network, region: region, securityGroup: group.id.rawValue,
            openTo: group.sshRanges.map(\.cidrIP).sorted(), isChanged: isChanged)
    }

    private func commonGroup(_ names: NetworkNames) async throws -> SecurityGroup {
        let filters = [Tags.filter(network: names.network), Filter("group-name", [names.securityGroup])]
        guard let group = try await aws.all(DescribeSecurityGroups(filters: filters)).first else {
            throw Problem(
                "There is no network \(names.network) in \(region)",
                cause: "its security group \(names.securityGroup) is missing", fix: "cloudrails network create")
        }
        return group
    }

    /// Somebody may have opened port 22 together with others: that is not ours to close, and must not pass for closed.
    private func warnOfWiderRules(_ group: SecurityGroup) {
        for rule in group.ipPermissions where rule.includesSSH && !rule.isSSH {
            let ports = rule.fromPort.map { "ports \($0) to \(rule.toPort ?? $0)" } ?? "all ports"
            events(
                .warning(
                    "\(group.id) opens \(ports), 22 among them, to \(rule.ipRanges.map(\.cidrIP).joined(separator: ", "))"
                ))
        }
    }
}

extension SecurityGroup {
    /// Who may reach port 22 by rules for that port alone.
    fileprivate var sshRanges: [IPRange] { ipPermissions.filter(\.isSSH).flatMap(\.ipRanges) }
}

extension IPPermission {
    fileprivate var isSSH: Bool { ipProtocol == "tcp" && fromPort == 22 && toPort == 22 }

    /// The protocol `-1` means all protocols and ports.
    fileprivate var includesSSH: Bool {
        if ipProtocol == "-1" { return true }
        return ipProtocol == "tcp" && (fromPort ?? 0) <= 22 && (toPort ?? 65_535) >= 22
    }
}
