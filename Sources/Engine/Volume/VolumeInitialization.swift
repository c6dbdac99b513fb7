import AWS

/// How far a volume is that still loads its blocks from the snapshot it was made from. Until then whatever is read first comes
/// from S3, slowly.
public struct VolumeInitialization: Sendable, Codable {
    /// How much is there, per cent; nil while AWS does not say.
    public var percent: Int?
    /// Seconds that are left, by AWS's estimate; nil where no rate was asked for.
    public var secondsLeft: Int?

    /// `34 %, about 20 min to go`
    public var inWords: String {
        let left = secondsLeft.map { ", about \(Duration.rough($0)) to go" } ?? ""
        return (percent.map { "\($0) %" } ?? "just begun") + left
    }

    /// AWS takes up to five minutes until it knows of a new volume (EC2 DescribeVolumeStatus). Seconds.
    static let unknownFor = 300.0

    /// Nil where all is there.
    init?(_ details: InitializationStatusDetails?, volumeCreated: String, now: Double = Timestamp.now()) {
        guard let details else {
            guard let created = Timestamp.seconds(volumeCreated), now - created < Self.unknownFor else { return nil }
            return
        }
        if let progress = details.progress, progress >= 100 { return nil }
        percent = details.progress
        secondsLeft = details.estimatedTimeToCompleteInSeconds
    }
}

extension Environment {
    /// How far a node's data volume is that still loads its blocks; nil for one that is whole, or was never made from a
    /// snapshot. EC2 DescribeVolumes, and DescribeVolumeStatus where there was a snapshot.
    public func initialization(of node: Node) async throws -> VolumeInitialization? {
        guard let volume = try await dataVolume(of: node) else { return nil }
        return try await initialization(of: volume)
    }

    /// The same of a volume that is known. EC2 DescribeVolumeStatus, where there was a snapshot.
    func initialization(of volume: DataVolume) async throws -> VolumeInitialization? {
        guard volume.snapshot != nil else { return nil }
        return try await initialization(of: volume.volumeID, created: volume.created)
    }

    /// The same of a node that was just launched, or found, and runs by now. EC2 DescribeVolumeStatus, where there was a
    /// snapshot.
    public func initialization(of launch: LaunchResult, on node: Node) async throws -> VolumeInitialization? {
        guard launch.isFromSnapshot, let volume = node.dataVolume else { return nil }
        return try await initialization(of: VolumeID(rawValue: volume), created: node.launched)
    }

    private func initialization(of volume: VolumeID, created: String) async throws -> VolumeInitialization? {
        let status = try await aws.all(DescribeVolumeStatus(volumeIDs: [volume])).first
        return VolumeInitialization(status?.initializationStatusDetails, volumeCreated: created)
    }
}

/// Follows a node's data volume until it is whole, and asks no more from then on.
struct InitializationWatch {
    private var volume: DataVolume?
    private var isWhole = false

    /// How far the volume is; nil where all is there.
    mutating func look(at node: Node, in environment: Environment) async throws -> VolumeInitialization? {
        guard !isWhole else { return nil }
        if volume == nil { volume = try await environment.dataVolume(of: node) }
        guard let volume else { return nil }
        let found = try await environment.initialization(of: volume)
        isWhole = found == nil
        return found
    }
}
