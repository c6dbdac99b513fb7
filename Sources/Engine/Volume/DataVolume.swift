public import AWS

/// A volume that holds, or held, a node's chain.
public struct DataVolume: Sendable, Codable {
    /// EBS's id.
    public var id: String
    /// The node that it belongs to, or last belonged to.
    public var node: String
    /// The target whose chain is on it.
    public var target: String
    /// Its size, GiB.
    public var sizeGiB: Int
    /// `gp3` and others.
    public var type: String
    /// I/O operations a second, where its type has them.
    public var iops: Int?
    /// MiB/s, where its type has it.
    public var throughputMiBps: Int?
    /// The availability zone, which it never leaves.
    public var zone: String
    /// The snapshot that it was made from; nil for one that was made empty.
    public var snapshot: String?
    /// When it was made, ISO 8601.
    public var created: String
    /// EBS's word: `available` for one that no machine has, `in-use`, `creating`, …
    public var state: String
    /// The instance that has it.
    public var instance: String?
    /// About what it costs, US dollars a month; nil where the price is not known.
    public var monthlyUSD: Double?

    /// The data volume that a volume is; nil for one that is not ours, or that holds a system.
    init?(_ volume: Volume) {
        guard let node = volume.tags[Tags.node] else { return nil }
        let attachment = volume.attachments.first { $0.state != "detached" }
        guard attachment == nil || attachment?.device == Launch.dataDevice else { return nil }
        id = volume.id.rawValue
        self.node = node
        target = volume.tags[Tags.chain] ?? ""
        sizeGiB = volume.size
        type = volume.volumeType
        iops = volume.iops
        throughputMiBps = volume.throughput
        zone = volume.availabilityZone
        snapshot = volume.snapshotID?.rawValue
        created = volume.createTime
        state = volume.state
        instance = attachment?.instanceID?.rawValue
        monthlyUSD = VolumeType.named(type)?
            .monthlyUSD(sizeGiB: sizeGiB, iops: iops, throughputMiBps: throughputMiBps)
    }

    /// True when no machine has it: it costs, and serves nobody.
    public var isKept: Bool { instance == nil }
    /// The id as AWS's calls take it.
    var volumeID: VolumeID { VolumeID(rawValue: id) }
    /// Where and when the prices held.
    public static var pricesHeld: String { VolumeType.pricesHeld }
}

/// How people name a volume: by its id, or by its node.
public enum VolumeName {
    /// Refuses what is neither.
    /// - Throws: `Problem` of kind `usage`.
    public static func validate(_ name: String) throws {
        if !isID(name) { try NodeName.validate(name) }
    }

    /// Reads an id.
    /// - Throws: `Problem` of kind `usage`.
    public static func id(_ text: String) throws -> VolumeID {
        guard isID(text) else {
            throw Problem(
                "'\(text)' is no volume's id", cause: "ids look like vol-0123456789abcdef0",
                fix: "cloudrails volume list", kind: .usage)
        }
        return VolumeID(rawValue: text)
    }

    static func isID(_ text: String) -> Bool {
        let digits = text.dropFirst(4)
        return text.hasPrefix("vol-") && (8...17).contains(digits.count)
            && digits.allSatisfy { $0.isASCII && $0.isHexDigit && !$0.isUppercase }
    }
}

extension Environment {
    /// Every data volume in the region, sorted by node. DescribeVolumes.
    public func dataVolumes() async throws -> [DataVolume] {
        try await dataVolumes([Filter("tag-key", [Tags.node])])
    }

    /// The data volumes of a node, the kept ones included. DescribeVolumes.
    func dataVolumes(ofNode name: String) async throws -> [DataVolume] {
        try await dataVolumes([Tags.filter(node: name)])
    }

    /// The data volume that a node has; nil where it has none. DescribeVolumes.
    public func dataVolume(of node: Node) async throws -> DataVolume? {
        guard let id = node.dataVolume else { return nil }
        return try await dataVolumes([Filter("volume-id", [id])]).first
    }

    private func dataVolumes(_ filters: [Filter]) async throws -> [DataVolume] {
        try await aws.all(DescribeVolumes(filters: filters)).compactMap(DataVolume.init)
            .filter { $0.state != "deleting" && $0.state != "deleted" }
            .sorted { ($0.node, $0.id) < ($1.node, $1.id) }
    }

    /// The volume of that id. DescribeVolumes.
    /// - Throws: `Problem` when there is none, or it is not ours, or it is no data volume.
    public func dataVolume(_ id: VolumeID) async throws -> DataVolume {
        guard let volume = try await aws.all(DescribeVolumes(filters: [Filter("volume-id", [id.rawValue])])).first
        else {
            throw Problem(
                "There is no volume \(id) in \(region)", fix: "cloudrails volume list, or another region with --region")
        }
        guard let found = DataVolume(volume) else {
            let isOurs = volume.tags[Tags.node] != nil
            throw Problem(
                "\(id) is no data volume of a node",
                cause: isOurs
                    ? "it is attached as \(volume.attachments.first?.device ?? "something else")"
                    : "it does not carry the tag \(Tags.node), so cloudrails does not touch it",
                fix: "cloudrails volume list")
        }
        return found
    }

    /// The volume that people mean by an id or by a node's name: the one that the node has, else the one that was kept.
    /// - Throws: `Problem` when there is none, or several.
    public func dataVolume(named name: String) async throws -> DataVolume {
        if VolumeName.isID(name) { return try await dataVolume(VolumeID(rawValue: name)) }
        let found = try await dataVolumes(ofNode: name)
        if let attached = found.first(where: { !$0.isKept }) { return attached }
        guard let volume = found.first else {
            throw Problem(
                "No data volume belongs to '\(name)' in \(region)",
                fix: "cloudrails volume list, or another region with --region")
        }
        guard found.count == 1 else { throw Self.several(found, name) }
        return volume
    }

    /// Several volumes were kept under one name: only people know which one is meant.
    static func several(_ volumes: [DataVolume], _ name: String) -> Problem {
        Problem(
            "\(volumes.count) volumes were kept of '\(name)'",
            cause: volumes.map { "\($0.id) (\($0.sizeGiB) GiB, \($0.zone))" }.joined(separator: ", "),
            fix: "name one by its id", kind: .usage)
    }

    /// The volume as it is now.
    func latest(_ volume: DataVolume) async throws -> DataVolume { try await dataVolume(volume.volumeID) }
}
