import AWS

/// A network for people and programs: what is there, and what is missing.
public struct NetworkReport: Sendable, Codable {
    /// The network's name.
    public var network: String
    /// The region.
    public var region: String
    /// True when nothing is missing.
    public var isComplete: Bool
    /// What a network is made of, in the order in which it is drawn; a part that hangs on another is among its parts.
    public var parts: [Part]

    /// One part of a network.
    public struct Part: Sendable, Codable {
        /// What it is: `VPC`, `subnet`, …
        public var kind: String
        /// Its name.
        public var name: String
        /// AWS's id; nil where it is missing.
        public var id: String?
        /// What else there is to say.
        public var detail: String?
        /// What hangs on it.
        public var parts: [Part]

        /// True when it and all that hangs on it exist.
        public var isComplete: Bool { id != nil && parts.allSatisfy(\.isComplete) }
    }
}

extension Network {
    /// What is there and what is missing.
    public func report(region: String) -> NetworkReport {
        let parts = [vpcPart, keyPairPart, rolePart(region)]
        return NetworkReport(
            network: names.network, region: region, isComplete: parts.allSatisfy(\.isComplete), parts: parts)
    }

    private var vpcPart: NetworkReport.Part {
        let attached = internetGateway.flatMap { gateway in vpc.map { gateway.attachedVPCs.contains($0.id) } } ?? false
        let gateway = NetworkReport.Part(
            kind: "internet gateway", name: "\(names.network)-igw", id: internetGateway?.id.rawValue,
            detail: internetGateway == nil || attached ? nil : "not attached", parts: [])
        let endpoint = NetworkReport.Part(
            kind: "S3 gateway endpoint", name: "\(names.network)-s3", id: endpoints.first?.id.rawValue, detail: nil,
            parts: [])
        return NetworkReport.Part(
            kind: "VPC", name: names.network, id: vpc?.id.rawValue, detail: vpc?.cidrBlock,
            parts: [gateway, routeTablePart] + subnetParts + [endpoint] + groupParts)
    }

    private var routeTablePart: NetworkReport.Part {
        let out = routeTable?.routes.first { $0.destinationCidrBlock == "0.0.0.0/0" }?.gatewayID
        return NetworkReport.Part(
            kind: "route table", name: "\(names.network)-rt", id: routeTable?.id.rawValue,
            detail: routeTable == nil ? nil : out.map { "0.0.0.0/0 to \($0)" } ?? "no route to the internet", parts: [])
    }

    private var subnetParts: [NetworkReport.Part] {
        let associated = Set(routeTable?.associations.compactMap(\.subnetID) ?? [])
        return zones.map { zone in
            let subnet = subnet(in: zone.zoneName)
            let isPublic = subnet.map { associated.contains($0.id) } ?? true
            return NetworkReport.Part(
                kind: "subnet", name: "\(names.network)-\(zone.zoneName)", id: subnet?.id.rawValue,
                detail: subnet.map { isPublic ? $0.cidrBlock : "\($0.cidrBlock), not associated with the route table" },
                parts: [])
        }
    }

    private var groupParts: [NetworkReport.Part] {
        let common = [names.securityGroup].filter { name in !securityGroups.contains { $0.groupName == name } }
        return common.map { NetworkReport.Part(kind: "security group", name: $0, id: nil, detail: nil, parts: []) }
            + securityGroups.map { group in
                let open = group.ipPermissions.flatMap { rule in
                    rule.ipRanges.map { "\(rule.fromPort ?? 0)/\(rule.ipProtocol) from \($0.cidrIP)" }
                }
                return NetworkReport.Part(
                    kind: "security group", name: group.groupName, id: group.id.rawValue,
                    detail: open.isEmpty ? "no port open" : open.joined(separator: ", "), parts: [])
            }
    }

    private var keyPairPart: NetworkReport.Part {
        NetworkReport.Part(
            kind: "key pair", name: names.keyPair, id: keyPair?.keyPairID.rawValue,
            detail: keyPair.map { ownsKeyPair ? $0.keyFingerprint : "\($0.keyFingerprint), not made by cloudrails" },
            parts: [])
    }

    private func rolePart(_ region: String) -> NetworkReport.Part {
        let policy = NetworkReport.Part(
            kind: "managed policy", name: "AmazonSSMManagedInstanceCore",
            id: attachedPolicies.first { $0 == NetworkPolicy.managedPolicyARN(region: region) }, detail: nil, parts: [])
        let inline = NetworkReport.Part(
            kind: "inline policy", name: NetworkPolicy.inlineName,
            id: hasInlinePolicy(region) ? NetworkPolicy.inlineName : nil,
            detail: inlinePolicy != nil && !hasInlinePolicy(region) ? "differs from this release's" : nil, parts: [])
        let profile = NetworkReport.Part(
            kind: "instance profile", name: names.role, id: instanceProfile?.arn,
            detail: instanceProfile?.roles.isEmpty == true ? "without the role" : nil, parts: [])
        return NetworkReport.Part(
            kind: "IAM role", name: names.role, id: role?.arn,
            detail: role == nil || ownsRole ? nil : "not made by cloudrails", parts: [policy, inline, profile])
    }
}
