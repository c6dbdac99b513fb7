/// A volume.
public struct Volume: Sendable {
    /// Its id.
    public var id: VolumeID
    /// Its size, GiB.
    public var size: Int
    /// `creating`, `available`, `in-use`, `deleting`, …
    public var state: String
    /// `gp3` and others.
    public var volumeType: String
    /// I/O operations a second, where its type has them.
    public var iops: Int?
    /// MiB/s, where its type has it.
    public var throughput: Int?
    /// The snapshot that it was made from; nil for one that was made empty.
    public var snapshotID: SnapshotID?
    /// True where it is encrypted, and with it every snapshot of it.
    public var isEncrypted: Bool
    /// Its zone.
    public var availabilityZone: String
    /// When it was made, ISO 8601.
    public var createTime: String
    /// What it is attached to.
    public var attachments: [VolumeAttachment]
    /// Its tags.
    public var tags: [String: String]

    init(_ xml: XMLElement) throws {
        id = try xml.id("volumeId")
        size = xml.int("size") ?? 0
        state = xml["status"] ?? ""
        volumeType = xml["volumeType"] ?? ""
        iops = xml.int("iops")
        throughput = xml.int("throughput")
        snapshotID = xml["snapshotId"].flatMap { $0.isEmpty ? nil : SnapshotID(rawValue: $0) }
        isEncrypted = xml.bool("encrypted")
        availabilityZone = xml["availabilityZone"] ?? ""
        createTime = xml["createTime"] ?? ""
        attachments = xml.list("attachmentSet").map(VolumeAttachment.init)
        tags = xml.tags
    }
}

/// The id of a volume.
public typealias VolumeID = ResourceID<Volume>

/// What a volume is attached to.
public struct VolumeAttachment: Sendable {
    /// The instance.
    public var instanceID: InstanceID?
    /// What the instance calls it.
    public var device: String?
    /// `attaching`, `attached`, `busy`, `detaching`, `detached`.
    public var state: String

    init(_ xml: XMLElement) {
        instanceID = xml.optionalID("instanceId")
        device = xml["device"]
        state = xml["status"] ?? ""
    }
}

/// EC2 DescribeVolumes.
public struct DescribeVolumes: EC2Operation, ReadOperation, PagedOperation {
    /// Volumes.
    public typealias Item = Volume
    /// Which ones.
    public var filters: [Filter]
    /// What the page before said.
    public var nextToken: String?

    /// All that fit.
    public init(filters: [Filter] = []) {
        self.filters = filters
    }

    func encode(to form: inout QueryForm) {
        form.set(filters)
        form.set("NextToken", nextToken)
    }

    static func decode(_ answer: XMLElement) throws -> Page<Volume> {
        Page(items: try answer.list("volumeSet").map(Volume.init), nextToken: answer["nextToken"])
    }
}

/// EC2 DeleteVolume.
public struct DeleteVolume: EC2Operation, SilentOperation, DryRunnable {
    /// The volume.
    public var volumeID: VolumeID
    /// True asks for permission only.
    public var dryRun = false
    /// A repeat answers `InvalidVolume.NotFound`.
    public static var repeatability: Repeatability { .always }

    /// The call from its parts.
    public init(volumeID: VolumeID) {
        self.volumeID = volumeID
    }

    func encode(to form: inout QueryForm) {
        form.set("VolumeId", volumeID)
        form.setDryRun(dryRun)
    }
}

/// EC2 AttachVolume. The instance runs or is stopped, and is in the volume's zone.
public struct AttachVolume: EC2Operation, SilentOperation, DryRunnable {
    /// The volume.
    public var volumeID: VolumeID
    /// The instance.
    public var instanceID: InstanceID
    /// What the instance calls it, such as `/dev/xvdf`.
    public var device: String
    /// True asks for permission only.
    public var dryRun = false
    /// A repeat answers `VolumeInUse`.
    public static var repeatability: Repeatability { .always }

    /// The call from its parts.
    public init(volumeID: VolumeID, instanceID: InstanceID, device: String) {
        self.volumeID = volumeID
        self.instanceID = instanceID
        self.device = device
    }

    func encode(to form: inout QueryForm) {
        form.set("VolumeId", volumeID)
        form.set("InstanceId", instanceID)
        form.set("Device", device)
        form.setDryRun(dryRun)
    }
}

/// EC2 DetachVolume. A volume that is mounted stays `busy` until it is not.
public struct DetachVolume: EC2Operation, SilentOperation, DryRunnable {
    /// The volume.
    public var volumeID: VolumeID
    /// The instance.
    public var instanceID: InstanceID
    /// True asks for permission only.
    public var dryRun = false
    /// A repeat answers `IncorrectState`, as the volume is available.
    public static var repeatability: Repeatability { .always }

    /// The call from its parts.
    public init(volumeID: VolumeID, instanceID: InstanceID) {
        self.volumeID = volumeID
        self.instanceID = instanceID
    }

    func encode(to form: inout QueryForm) {
        form.set("VolumeId", volumeID)
        form.set("InstanceId", instanceID)
        form.setDryRun(dryRun)
    }
}
