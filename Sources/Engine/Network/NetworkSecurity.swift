import AWS
import ChainKit

/// The security groups: one for all nodes, closed but for what the user opens, and one per target for its peers.
extension Environment {
    func ensureSecurityGroups(
        _ request: NetworkRequest, _ network: Network, _ vpc: VPCID
    ) async throws -> [SecurityGroup] {
        async let common = ensureSecurityGroup(
            named: network.names.securityGroup, purpose: "All nodes of cloudrails: no port is open unless you open it",
            rules: request.sshFrom.map { [.ssh(from: $0)] } ?? [], existing: network.securityGroup, network, vpc)
        var others = network.securityGroups.filter { $0.groupName != network.names.securityGroup }
        if let target = request.target {
            let name = network.names.targetGroup(target.target.description)
            others.removeAll { $0.groupName == name }
            others.append(
                try await ensureSecurityGroup(
                    named: name, purpose: "Peer-to-peer ports of \(target.target)", rules: target.permissions,
                    existing: network.targetGroup(target.target.description), network, vpc))
        }
        return try await ([common] + others).sorted { $0.groupName < $1.groupName }
    }

    private func ensureSecurityGroup(
        named name: String, purpose: String, rules: [IPPermission], existing: SecurityGroup?, _ network: Network,
        _ vpc: VPCID
    ) async throws -> SecurityGroup {
        var group: SecurityGroup
        if let existing {
            group = existing
        } else {
            group = try await makeSecurityGroup(named: name, purpose: purpose, network.names.network, vpc)
        }
        let lacking = rules.filter { !$0.isHeld(by: group.ipPermissions) }
        if !lacking.isEmpty {
            // One call per run of rules; a rule that a lost call made already refuses them all, so then one by one.
            do {
                _ = try await settled(AuthorizeSecurityGroupIngress(groupID: group.id, ipPermissions: lacking))
            } catch let error as AWSError where error.code == "InvalidPermission.Duplicate" {
                for rule in lacking {
                    _ = try await unlessAlready("InvalidPermission.Duplicate") {
                        try await settled(AuthorizeSecurityGroupIngress(groupID: group.id, ipPermissions: [rule]))
                    }
                }
            }
            group.ipPermissions += lacking
        }
        return group
    }

    private func makeSecurityGroup(
        named name: String, purpose: String, _ network: String, _ vpc: VPCID
    ) async throws -> SecurityGroup {
        try await step("security-group-\(name)", "security group \(name)", done: \.id.description) {
            var existing: SecurityGroup?
            let call = CreateSecurityGroup(
                groupName: name, description: purpose, vpcID: vpc, tags: Tags.ofNetwork(network, name: name))
            let id = try await makeOnce(
                call, duplicate: "InvalidGroup.Duplicate",
                find: {
                    let filters = [Filter("vpc-id", [vpc.rawValue]), Filter("group-name", [name])]
                    existing = try await aws.all(DescribeSecurityGroups(filters: filters)).first
                    if let existing, existing.tags[Tags.network] == nil { throw Self.foreignGroup(existing) }
                    return existing?.id
                })
            return existing ?? SecurityGroup(id: id, made: call)
        }
    }

    private static func foreignGroup(_ group: SecurityGroup) -> Problem {
        Problem(
            "A security group named \(group.groupName) exists in the VPC, and it is not ours",
            cause: "\(group.id) does not carry the tag \(Tags.network)",
            fix: "rename or remove it, or choose another name with --security-group")
    }
}
