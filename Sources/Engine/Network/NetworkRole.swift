import AWS
import Foundation

/// The IAM role of the nodes and its instance profile, which share one name.
extension Environment {
    func ensureRole(_ request: NetworkRequest, _ found: Network) async throws -> (Role, InstanceProfile) {
        if request.takesRoleAsItIs, let profile = found.instanceProfile, let role = found.role {
            return (role, profile)
        }
        if let role = found.role, !found.ownsRole { throw foreignRole(role.roleName, "role") }
        if let profile = found.instanceProfile, profile.tags[Tags.network] == nil {
            throw foreignRole(profile.instanceProfileName, "instance profile")
        }
        let isComplete = found.role != nil && found.instanceProfile?.roles.isEmpty == false && found.hasPolicies(region)
        if isComplete, let role = found.role, let profile = found.instanceProfile { return (role, profile) }
        return try await step("role", "IAM role \(request.names.role)", done: { $0.0.arn }) {
            try await makeRole(request.names, found)
        }
    }

    private func makeRole(_ names: NetworkNames, _ found: Network) async throws -> (Role, InstanceProfile) {
        let name = names.role
        let tags = Tags.ofNetwork(names.network, name: name)
        async let profile = ensureInstanceProfile(found.instanceProfile, name, tags)
        let role = try await ensureRole(found.role, name, tags)
        async let attached: Void = attachManagedPolicy(to: name, found)
        async let inline: Void = putInlinePolicy(on: name, found)
        let made = try await profile
        if made.roles.isEmpty {
            // LimitExceeded: a profile holds one role, and a call whose answer was lost put ours there.
            _ = try await unlessAlready("LimitExceeded") {
                try await settled(AddRoleToInstanceProfile(instanceProfileName: name, roleName: name))
            }
        }
        _ = try await (attached, inline)
        return (role, made)
    }

    private func ensureRole(_ existing: Role?, _ name: String, _ tags: [Tag]) async throws -> Role {
        if let existing { return existing }
        return try await makeOnce(
            CreateRole(
                roleName: name, assumeRolePolicyDocument: NetworkPolicy.trust(region: region),
                description: "Blockchain nodes of cloudrails", tags: tags),
            duplicate: "EntityAlreadyExists",
            find: { try await unlessMissing { try await aws.call(GetRole(roleName: name)) } })
    }

    private func ensureInstanceProfile(
        _ existing: InstanceProfile?, _ name: String, _ tags: [Tag]
    ) async throws -> InstanceProfile {
        if let existing { return existing }
        return try await makeOnce(
            CreateInstanceProfile(instanceProfileName: name, tags: tags), duplicate: "EntityAlreadyExists",
            find: { try await unlessMissing { try await aws.call(GetInstanceProfile(instanceProfileName: name)) } })
    }

    private func attachManagedPolicy(to role: String, _ found: Network) async throws {
        let policy = NetworkPolicy.managedPolicyARN(region: region)
        if found.attachedPolicies.contains(policy) { return }
        _ = try await settled(AttachRolePolicy(roleName: role, policyARN: policy))
    }

    private func putInlinePolicy(on role: String, _ found: Network) async throws {
        if found.hasInlinePolicy(region) { return }
        _ = try await settled(
            PutRolePolicy(
                roleName: role, policyName: NetworkPolicy.inlineName,
                policyDocument: NetworkPolicy.inline(region: region)))
    }

    private func foreignRole(_ name: String, _ what: String) -> Problem {
        Problem(
            "An IAM \(what) named \(name) exists, and it is not ours",
            cause: "it does not carry the tag \(Tags.network), so it is never changed",
            fix: "use it as it is with --role \(name), or choose another name with --role NAME")
    }
}

extension Network {
    /// Takes over a role that this run has made sure of, with all that belongs to it.
    mutating func takeMade(_ made: (role: Role, profile: InstanceProfile), region: String) {
        (role, instanceProfile) = made
        guard ownsRole else { return }
        if !attachedPolicies.contains(NetworkPolicy.managedPolicyARN(region: region)) {
            attachedPolicies.append(NetworkPolicy.managedPolicyARN(region: region))
        }
        inlinePolicy = NetworkPolicy.inline(region: region)
        instanceProfile?.roles = [made.role]
    }

    func hasPolicies(_ region: String) -> Bool {
        attachedPolicies.contains(NetworkPolicy.managedPolicyARN(region: region)) && hasInlinePolicy(region)
    }

    /// IAM may give a policy back with other white space: compare what it says.
    func hasInlinePolicy(_ region: String) -> Bool {
        guard let inlinePolicy else { return false }
        return Self.parsed(inlinePolicy) == Self.parsed(NetworkPolicy.inline(region: region))
    }

    private static func parsed(_ json: String) -> Data? {
        guard let value = try? JSONSerialization.jsonObject(with: Data(json.utf8)) else { return nil }
        return try? JSONSerialization.data(withJSONObject: value, options: .sortedKeys)
    }
}
