/// What became of a snapshot when its image was deregistered.
public struct SnapshotDeletion: Sendable {
    /// The snapshot.
    public var snapshotID: SnapshotID
    /// `success`, `skipped` where another image holds it, or why not.
    public var returnCode: String

    init(_ xml: XMLElement) throws {
        snapshotID = try xml.id("snapshotId")
        returnCode = xml["returnCode"] ?? ""
    }
}

/// EC2 DeregisterImage. Instances that run from the image go on.
public struct DeregisterImage: EC2Operation, DryRunnable {
    /// What became of its snapshots, where they were to be deleted.
    public typealias Output = [SnapshotDeletion]
    /// The image.
    public var imageID: ImageID
    /// True deletes its snapshots too, but for those that another image holds.
    public var deleteAssociatedSnapshots: Bool
    /// True asks for permission only.
    public var dryRun = false
    /// A repeat answers `InvalidAMIID.Unavailable` or `InvalidAMIID.NotFound`.
    public static var repeatability: Repeatability { .always }

    /// The call from its parts.
    public init(imageID: ImageID, deleteAssociatedSnapshots: Bool) {
        self.imageID = imageID
        self.deleteAssociatedSnapshots = deleteAssociatedSnapshots
    }

    /// Nothing.
    public var planned: [SnapshotDeletion] { [] }

    func encode(to form: inout QueryForm) {
        form.set("ImageId", imageID)
        form.set("DeleteAssociatedSnapshots", deleteAssociatedSnapshots)
        form.setDryRun(dryRun)
    }

    static func decode(_ answer: XMLElement) throws -> [SnapshotDeletion] {
        try answer.list("deleteSnapshotResultSet").map(SnapshotDeletion.init)
    }
}
