/// A change of a volume's size, type or speed.
public struct VolumeModification: Sendable {
    /// The volume.
    public var volumeID: VolumeID
    /// How far it is.
    public var state: VolumeModificationState
    /// Why it failed, where it did.
    public var statusMessage: String?
    /// The size that it is to come to, GiB.
    public var targetSize: Int?
    /// Per cent.
    public var progress: Int
    /// When it began, ISO 8601.
    public var startTime: String

    init(_ xml: XMLElement) throws {
        volumeID = try xml.id("volumeId")
        state = VolumeModificationState(rawValue: xml["modificationState"] ?? "")
        statusMessage = xml["statusMessage"]
        targetSize = xml.int("targetSize")
        progress = xml.int("progress") ?? 0
        startTime = xml["startTime"] ?? ""
    }

    init(planned call: ModifyVolume) {
        volumeID = call.volumeID
        state = .modifying
        targetSize = call.size
        progress = 0
        startTime = ""
    }
}

/// How far a change of a volume is.
public struct VolumeModificationState: RawRepresentable, Sendable, Hashable {
    /// EC2's name.
    public let rawValue: String
    /// EC2's name; a new one is taken as it is.
    public init(rawValue: String) { self.rawValue = rawValue }
    /// Begun.
    public static let modifying = VolumeModificationState(rawValue: "modifying")
    /// The new size is there; AWS still moves data to match.
    public static let optimizing = VolumeModificationState(rawValue: "optimizing")
    /// Over.
    public static let completed = VolumeModificationState(rawValue: "completed")
    /// Not done; nothing was lost.
    public static let failed = VolumeModificationState(rawValue: "failed")
}

/// EC2 DescribeVolumesModifications. Changes of the last weeks; a volume that never was changed has none.
public struct DescribeVolumesModifications: EC2Operation, ReadOperation, PagedOperation {
    /// Changes.
    public typealias Item = VolumeModification
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

    static func decode(_ answer: XMLElement) throws -> Page<VolumeModification> {
        Page(
            items: try answer.list("volumeModificationSet").map(VolumeModification.init),
            nextToken: answer["nextToken"])
    }
}

/// EC2 ModifyVolume: another size. The file system does not follow by itself.
public struct ModifyVolume: EC2Operation, DryRunnable {
    /// The change that began.
    public typealias Output = VolumeModification
    /// The volume.
    public var volumeID: VolumeID
    /// The new size, GiB; never less than the old.
    public var size: Int
    /// True asks for permission only.
    public var dryRun = false
    /// Never repeated blindly: AWS counts the changes of a day, and allows few.
    public static var repeatability: Repeatability { .never }

    /// The call from its parts.
    public init(volumeID: VolumeID, size: Int) {
        self.volumeID = volumeID
        self.size = size
    }

    /// A change that does not exist.
    public var planned: VolumeModification { VolumeModification(planned: self) }

    func encode(to form: inout QueryForm) {
        form.set("VolumeId", volumeID)
        form.set("Size", size)
        form.setDryRun(dryRun)
    }

    static func decode(_ answer: XMLElement) throws -> VolumeModification {
        try VolumeModification(try answer.requiredChild("volumeModification"))
    }
}
