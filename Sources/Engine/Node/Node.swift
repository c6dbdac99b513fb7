import AWS

/// A node: an instance of ours, known by its name.
public struct Node: Sendable, Codable {
    /// The name, unique in a region.
    public var name: String
    /// The target that it runs.
    public var target: String
    /// EC2's id of the instance.
    public var instance: String
    /// EC2's state: `pending`, `running`, `stopped`, …
    public var state: String
    /// The instance type.
    public var type: String
    /// The availability zone.
    public var zone: String
    /// The architecture, by EC2's name.
    public var architecture: String
    /// The public IPv4 address, while it runs.
    public var publicAddress: String?
    /// The address inside the VPC.
    public var privateAddress: String?
    /// When it was launched, ISO 8601.
    public var launched: String
    /// True for a spot instance.
    public var isSpot: Bool
    /// The data volume's id.
    public var dataVolume: String?
    /// True when AWS deletes the data volume together with the instance.
    public var deletesData: Bool
    /// The image that it was launched from.
    public var image: String
    /// The subnet that it lives in.
    public var subnet: String?
    /// The VPC that it lives in.
    public var vpc: String?
    /// The security groups that it is in.
    public var securityGroups: [String]
    /// The key pair that its user can be reached with.
    public var keyPair: String?
    /// What the node last wrote about itself, as it stands in its tag.
    public var status: String?
    /// The same, read.
    public var reported: NodeStatus?
    /// Why AWS put it into its state, where AWS says so.
    public var stateReason: String?
    /// How far its data volume is that still loads its blocks from a snapshot; nil where it is whole, or was not looked at.
    public var initialization: VolumeInitialization?

    /// The node that an instance is; nil for an instance that is not ours.
    init?(_ instance: Instance) {
        guard let name = instance.tags[Tags.node] else { return nil }
        let data = instance.blockDevices.first { $0.deviceName == Launch.dataDevice }
        self.name = name
        target = instance.tags[Tags.chain] ?? ""
        self.instance = instance.id.rawValue
        state = instance.state.rawValue
        type = instance.instanceType
        zone = instance.availabilityZone
        architecture = instance.architecture
        publicAddress = instance.publicIPAddress
        privateAddress = instance.privateIPAddress
        launched = instance.launchTime
        isSpot = instance.isSpot
        dataVolume = data?.volumeID.rawValue
        deletesData = data?.deleteOnTermination ?? false
        image = instance.imageID.rawValue
        subnet = instance.subnetID?.rawValue
        vpc = instance.vpcID?.rawValue
        securityGroups = instance.securityGroups.map(\.groupName)
        keyPair = instance.keyName
        status = instance.tags[Tags.status]
        reported = status.flatMap { NodeStatus($0) }
        stateReason = instance.stateReason
    }

    /// True unless it is gone or going.
    public var isAlive: Bool { state != "terminated" && state != "shutting-down" }
}

extension Environment {
    /// The nodes of that name, the gone ones included as long as AWS shows them. DescribeInstances.
    func nodes(named name: String) async throws -> [Node] {
        try await aws.all(DescribeInstances(filters: [Tags.filter(node: name)])).compactMap(Node.init)
    }

    /// The node of that name.
    /// - Throws: `Problem` that names the nodes there are.
    public func node(named name: String) async throws -> Node {
        let found = try await nodes(named: name)
        if let node = found.first(where: \.isAlive) ?? found.first { return node }
        let names = try await allNodeNames()
        throw Problem(
            "There is no node named '\(name)' in \(region)",
            cause: names.isEmpty ? "no node runs there" : "there are: \(names.joined(separator: ", "))",
            fix: "cloudrails node list, or another region with --region")
    }

    /// Every node in the region that is not gone, by page of up to 1,000. DescribeInstances.
    public func nodePages() -> some AsyncSequence<[Node], any Error> {
        aws.pages(DescribeInstances(filters: [Filter("tag-key", [Tags.node]), Instance.alive], maxResults: 1_000))
            .map { $0.items.compactMap(Node.init) }
    }

    /// The names of all nodes that are not gone, sorted.
    public func allNodeNames() async throws -> [String] {
        var names: [String] = []
        for try await page in nodePages() { names += page.map(\.name) }
        return names.sorted()
    }
}
