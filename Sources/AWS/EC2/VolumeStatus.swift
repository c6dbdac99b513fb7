/// How a volume fares.
public struct VolumeStatusItem: Sendable {
    /// The volume.
    public var volumeID: VolumeID
    /// How far its blocks have been fetched from the snapshot; nil for a volume that was made empty, and for some minutes where
    /// AWS does not know yet.
    public var initializationStatusDetails: InitializationStatusDetails?

    init(_ xml: XMLElement) throws {
        volumeID = try xml.id("volumeId")
        initializationStatusDetails = xml.child("initializationStatusDetails").map(InitializationStatusDetails.init)
    }
}

/// How far a volume is that was made from a snapshot. Until it is whole, each block that is touched first comes from S3.
public struct InitializationStatusDetails: Sendable {
    /// `default`, `provisioned-rate`, `volume-copy`.
    public var initializationType: String
    /// Per cent; 100 when it is whole.
    public var progress: Int?
    /// Seconds that are left; only where a rate was provisioned.
    public var estimatedTimeToCompleteInSeconds: Int?

    init(_ xml: XMLElement) {
        initializationType = xml["initializationType"] ?? ""
        progress = xml.int("progress")
        estimatedTimeToCompleteInSeconds = xml.int("estimatedTimeToCompleteInSeconds")
    }
}

/// EC2 DescribeVolumeStatus.
public struct DescribeVolumeStatus: EC2Operation, ReadOperation, PagedOperation {
    /// States of volumes.
    public typealias Item = VolumeStatusItem
    /// Only these.
    public var volumeIDs: [VolumeID]
    /// What the page before said.
    public var nextToken: String?

    /// The states of these volumes.
    public init(volumeIDs: [VolumeID]) {
        self.volumeIDs = volumeIDs
    }

    func encode(to form: inout QueryForm) {
        form.set(list: "VolumeId", volumeIDs)
        form.set("NextToken", nextToken)
    }

    static func decode(_ answer: XMLElement) throws -> Page<VolumeStatusItem> {
        Page(items: try answer.list("volumeStatusSet").map(VolumeStatusItem.init), nextToken: answer["nextToken"])
    }
}
