import AWS
import ChainKit

/// What is there before a launch: enough to tell the user what would be made, and where.
public struct LaunchSurvey: Sendable {
    /// The account's number.
    public var account: String
    /// The node of that name, if it lives already.
    public var existing: Node?
    /// Nodes of that name that are gone, as long as AWS shows them.
    var gone: [Node]
    /// The volume that the node is to start on; nil where a new one is made, or where the node has its volume.
    public var volume: DataVolume?
    /// The image that the node is to start from; nil where it starts on a volume that is there, or begins with an empty one.
    public var image: NodeImage?
    /// An image that would serve as well, where a volume that was kept goes before it.
    public var passedOver: NodeImage?
    /// True when the volume that the node has, or is to start on, was made from a snapshot.
    var hasSnapshot = false
    /// What exists of the network.
    public var network: Network
    /// What Canonical's parameter named.
    var imageParameter: ImageID?
    /// The zones that offer the instance type.
    var offered: [String]
}

extension Environment {
    /// Looks at all that a launch depends on, side by side. Changes nothing.
    /// STS GetCallerIdentity, EC2 DescribeInstances, DescribeInstanceTypeOfferings, DescribeVolumes, DescribeImages, SSM
    /// GetParameter, and the network's.
    /// - Throws: `Problem` when the type is not offered here, the name belongs to a node of another target, or the volume or
    ///   the image does not fit.
    public func survey(_ request: LaunchRequest) async throws -> LaunchSurvey {
        async let identity = aws.call(GetCallerIdentity())
        async let named = nodes(named: request.name)
        async let network = discoverNetwork(request.network.names)
        async let parameter = ubuntuParameter(request.architecture)
        async let offered = zonesOffering(request.instanceType)
        async let volumes = candidates(request)
        async let images = imageCandidates(request)

        let nodes = try await named
        let existing = nodes.first(where: \.isAlive)
        let gone = nodes.filter { !$0.isAlive }
        var survey = LaunchSurvey(
            account: try await identity.account, existing: existing, gone: gone,
            volume: try chosen(try await volumes, request, existing: existing, gone: gone),
            network: try await network, imageParameter: try await parameter, offered: try await offered)
        try check(survey, request)
        let own = survey.volume?.id ?? existing?.dataVolume
        survey.hasSnapshot = try await volumes.contains { $0.id == own && $0.snapshot != nil }
        let owned = trusted(try await images, account: survey.account)
        if survey.volume != nil {
            survey.passedOver = owned.newest(of: request)
        } else if existing == nil {
            survey.image = try await chosenImage(owned, request, account: survey.account)
        }
        return survey
    }

    func zonesOffering(_ type: InstanceType) async throws -> [String] {
        let filter = Filter("instance-type", [type.rawValue])
        return try await aws.all(
            DescribeInstanceTypeOfferings(locationType: "availability-zone", filters: [filter])
        ).map(\.location).sorted()
    }

    private func check(_ survey: LaunchSurvey, _ request: LaunchRequest) throws {
        if let existing = survey.existing {
            guard existing.target == request.profile.target.description else {
                throw Problem(
                    "A node named \(existing.name) exists, and it runs \(existing.target)",
                    cause: "\(existing.instance) is \(existing.state) in \(existing.zone)",
                    fix: "choose another name with --name", kind: .usage)
            }
            return
        }
        guard !survey.offered.isEmpty else {
            throw Problem(
                "There is no instance type \(request.instanceType) in \(region)",
                cause: "no availability zone offers it",
                fix: "leave --instance-type out, or choose another region with --region", kind: .usage)
        }
        if let volume = survey.volume { try checkZone(of: volume, survey, request) }
        if let zone = request.zone, !survey.offered.contains(zone) {
            throw Problem(
                "\(zone) does not offer \(request.instanceType)",
                cause: "offered in \(survey.offered.joined(separator: ", "))", fix: "choose one of these with --zone",
                kind: .usage)
        }
    }
}
