import AWS
import ChainKit

/// Where a node may be launched: subnets to try in this order, and the security groups that it is put in.
struct LaunchSite: Sendable {
    var vpc: VPCID
    var subnets: [Subnet]
    var groups: [SecurityGroupID]
}

extension Environment {
    /// The network's own VPC, made where it is missing, or the place that the user named.
    func prepareSite(_ request: LaunchRequest, _ survey: LaunchSurvey) async throws -> LaunchSite {
        guard request.place.isNetwork else { return try await prepareNamedSite(request, survey) }
        let network = try await ensureNetwork(request.network, found: survey.network)
        guard let vpc = network.vpc else { throw Problem("The network \(network.names.network) has no VPC") }
        let target = request.profile.target.description
        let own = [network.securityGroup, network.targetGroup(target)].compactMap { $0?.id }
        return LaunchSite(
            vpc: vpc.id, subnets: try suitable(network.subnets, request, survey),
            groups: request.place.securityGroup.map { [$0] } ?? own)
    }

    /// In a place of the user's own only the target's security group is made; subnets and routes are as they are.
    private func prepareNamedSite(_ request: LaunchRequest, _ survey: LaunchSurvey) async throws -> LaunchSite {
        async let access: Void = ensureAccess(request.network, survey.network)
        let subnets = try await namedSubnets(request.place)
        guard let vpc = subnets.first?.vpcID else {
            throw Problem("\(request.place.vpc?.rawValue ?? "The VPC") has no subnets", fix: "name one with --subnet")
        }
        let groups: [SecurityGroupID]
        if let group = request.place.securityGroup {
            groups = [group]
        } else {
            var network = Network(names: request.network.names)
            let filters = [Tags.filter(network: network.names.network), Filter("vpc-id", [vpc.rawValue])]
            network.securityGroups = try await aws.all(DescribeSecurityGroups(filters: filters))
            groups = try await ensureSecurityGroups(request.network, network, vpc)
                .filter {
                    [network.names.securityGroup, network.names.targetGroup(request.profile.target.description)]
                        .contains($0.groupName)
                }
                .map(\.id)
        }
        try await access
        return LaunchSite(vpc: vpc, subnets: try suitable(subnets, request, survey), groups: groups)
    }

    /// The key pair and the role, which no VPC holds.
    private func ensureAccess(_ request: NetworkRequest, _ found: Network) async throws {
        async let role = ensureRole(request, found)
        _ = try await ensureKeyPair(request, found.keyPair)
        _ = try await role
    }

    private func namedSubnets(_ place: LaunchRequest.Place) async throws -> [Subnet] {
        if let subnet = place.subnet {
            return try await aws.all(DescribeSubnets(filters: [Filter("subnet-id", [subnet.rawValue])]))
        }
        guard let vpc = place.vpc else { return [] }
        return try await aws.all(DescribeSubnets(filters: [Filter("vpc-id", [vpc.rawValue])]))
            .sorted { $0.availabilityZone < $1.availabilityZone }
    }

    private func suitable(
        _ subnets: [Subnet], _ request: LaunchRequest, _ survey: LaunchSurvey
    ) throws -> [Subnet] {
        let offering = subnets.filter { survey.offered.contains($0.availabilityZone) }
        let zone = survey.volume?.zone ?? request.zone
        let chosen = offering.filter { zone == nil || $0.availabilityZone == zone }
        guard !chosen.isEmpty else {
            let zones = subnets.map(\.availabilityZone).joined(separator: ", ")
            throw Problem(
                "No subnet is in a zone that fits",
                cause: "subnets are in \(zones); \(request.instanceType) is offered in "
                    + survey.offered.joined(separator: ", ")
                    + (survey.volume.map { "; \($0.id) is in \($0.zone)" } ?? ""),
                fix: "choose another zone with --zone, or another type with --instance-type", kind: .usage)
        }
        return chosen
    }
}
