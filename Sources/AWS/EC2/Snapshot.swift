/// A snapshot of a volume.
public struct Snapshot: Sendable {
    /// Its id.
    public var id: SnapshotID
    /// The volume that it shows.
    public var volumeID: VolumeID
    /// `pending`, `completed`, `error`, …
    public var state: String
    /// Why it failed, where it did.
    public var stateMessage: String?
    /// Such as `34%`; empty while AWS does not know.
    public var progress: String
    /// The moment that it shows, ISO 8601.
    public var startTime: String
    /// Size of the volume, GiB.
    public var volumeSize: Int
    /// Its tags.
    public var tags: [String: String]

    init(_ xml: XMLElement) throws {
        id = try xml.id("snapshotId")
        volumeID = try xml.id("volumeId")
        state = xml["status"] ?? ""
        stateMessage = xml["statusMessage"]
        progress = xml["progress"] ?? ""
        startTime = xml["startTime"] ?? ""
        volumeSize = xml.int("volumeSize") ?? 0
        tags = xml.tags
    }

    init(planned call: CreateSnapshot) {
        id = "snap-planned"
        volumeID = call.volumeID
        state = "pending"
        progress = ""
        startTime = ""
        volumeSize = 0
        tags = Tag.dictionary(call.tags)
    }
}

/// The id of a snapshot.
public typealias SnapshotID = ResourceID<Snapshot>

/// EC2 DescribeSnapshots, of the caller's own.
public struct DescribeSnapshots: EC2Operation, ReadOperation, PagedOperation {
    /// Snapshots.
    public typealias Item = Snapshot
    /// Which ones.
    public var filters: [Filter]
    /// What the page before said.
    public var nextToken: String?

    /// All that fit.
    public init(filters: [Filter] = []) {
        self.filters = filters
    }

    func encode(to form: inout QueryForm) {
        // Without an owner AWS lists everybody's public snapshots too.
        form.set(list: "Owner", ["self"])
        form.set(filters)
        form.set("NextToken", nextToken)
    }

    static func decode(_ answer: XMLElement) throws -> Page<Snapshot> {
        Page(items: try answer.list("snapshotSet").map(Snapshot.init), nextToken: answer["nextToken"])
    }
}

/// EC2 DeleteSnapshot. AWS refuses while an image holds it: `InvalidSnapshot.InUse`.
public struct DeleteSnapshot: EC2Operation, SilentOperation, DryRunnable {
    /// The snapshot.
    public var snapshotID: SnapshotID
    /// True asks for permission only.
    public var dryRun = false
    /// A repeat answers `InvalidSnapshot.NotFound`.
    public static var repeatability: Repeatability { .always }

    /// The call from its parts.
    public init(snapshotID: SnapshotID) { self.snapshotID = snapshotID }

    func encode(to form: inout QueryForm) {
        form.set("SnapshotId", snapshotID)
        form.setDryRun(dryRun)
    }
}

/// EC2 CreateSnapshot. It shows the volume as it is at the call; the copying goes on behind.
public struct CreateSnapshot: EC2Operation, DryRunnable {
    /// The snapshot.
    public typealias Output = Snapshot
    /// The volume.
    public var volumeID: VolumeID
    /// At most 255 characters.
    public var description: String
    /// Tags on it.
    public var tags: [Tag]
    /// True asks for permission only.
    public var dryRun = false
    /// There is no ClientToken: a repeat makes another.
    public static var repeatability: Repeatability { .never }

    /// The call from its parts.
    public init(volumeID: VolumeID, description: String, tags: [Tag]) {
        self.volumeID = volumeID
        self.description = description
        self.tags = tags
    }

    /// A snapshot that does not exist.
    public var planned: Snapshot { Snapshot(planned: self) }

    func encode(to form: inout QueryForm) {
        form.set("VolumeId", volumeID)
        form.set("Description", description)
        form.set(tags, on: "snapshot")
        form.setDryRun(dryRun)
    }

    static func decode(_ answer: XMLElement) throws -> Snapshot { try Snapshot(answer) }
}
