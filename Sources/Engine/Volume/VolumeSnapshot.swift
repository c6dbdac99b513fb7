import AWS

/// A snapshot of a data volume.
public struct VolumeSnapshot: Sendable, Codable {
    /// EC2's id.
    public var id: String
    /// The volume that it shows.
    public var volume: String
    /// The node whose volume that is.
    public var node: String
    /// The target whose chain is on it.
    public var target: String
    /// Size of the volume, GiB.
    public var sizeGiB: Int
    /// `pending`, `completed`.
    public var state: String
    /// The moment that it shows, ISO 8601.
    public var started: String
    /// `clean` when no client was writing, else `crash`: as after a power cut.
    public var consistency: String
    /// False when an earlier run made it.
    public var isNew: Bool

    init(_ snapshot: Snapshot, _ volume: DataVolume, isNew: Bool) {
        id = snapshot.id.rawValue
        self.volume = volume.id
        node = volume.node
        target = volume.target
        sizeGiB = volume.sizeGiB
        state = snapshot.state
        started = snapshot.startTime
        consistency = snapshot.tags[Tags.consistency] ?? VolumeSnapshot.crash
        self.isNew = isNew
    }

    static let clean = "clean"
    static let crash = "crash"
    /// A snapshot so young is what was asked for: the command was run twice.
    static let sameForSeconds = 600.0
}

extension Environment {
    /// Makes a snapshot of a data volume, or takes up the one that an earlier run began.
    ///
    /// There is no ClientToken. So a tag on the volume says first that a snapshot is begun, the snapshot carries the same
    /// word, and the volume's tag is emptied when the snapshot is complete: a run that finds it looks for the snapshot over
    /// the consistency window. Where nobody waited the tag stays: one that has long been complete counts no more.
    /// One that is younger than ten minutes is not made twice either.
    /// EC2 DescribeVolumes, DescribeSnapshots, DescribeInstances, CreateTags, CreateSnapshot.
    /// - Parameter wantsAnother: true makes one in any case.
    public func snapshot(_ volume: DataVolume, wantsAnother: Bool) async throws -> VolumeSnapshot {
        let (begun, found) = wantsAnother ? (nil, nil) : try await existing(of: volume)
        if let found {
            events(.note("\(found.id) of \(found.startTime) is there already; --new makes another"))
            return VolumeSnapshot(found, volume, isNew: false)
        }
        let word = begun ?? ClientToken.random()
        let tags = try await tags(for: volume) + [Tag(Tags.snapshot, word)]
        if begun == nil { try await mark(volume, word) }
        let call = CreateSnapshot(
            volumeID: volume.volumeID, description: "\(volume.target) of \(volume.node), made by cloudrails", tags: tags
        )
        let made = try await step("snapshot", "snapshot of \(volume.id)", done: { $0.id.description }) {
            try await makeOnce(call, duplicate: nil, find: { try await snapshot(of: volume, word) })
        }
        return VolumeSnapshot(made, volume, isNew: true)
    }

    /// Waits until a snapshot is complete; AWS may take hours. Leaving the wait loses nothing.
    /// EC2 DescribeSnapshots, DescribeVolumes, CreateTags.
    public func waitUntilComplete(_ snapshot: VolumeSnapshot, of volume: DataVolume) async throws -> VolumeSnapshot {
        guard !isPlan else { return snapshot }
        var result = snapshot
        if snapshot.state != "completed" {
            result.state = try await step("complete", "copying \(snapshot.id)", done: { $0 }) {
                try await patience.poll(limit: nil) { try await endState(of: snapshot) } ?? snapshot.state
            }
        }
        if try await begunSnapshot(of: volume) != nil { try await mark(volume, "") }
        guard result.state == "completed" else {
            throw Problem("\(snapshot.id) failed", cause: result.state, fix: "run the same command again")
        }
        return result
    }

    /// `completed`, or what went wrong; nil while it goes on.
    private func endState(of snapshot: VolumeSnapshot) async throws -> String? {
        let found = try await aws.all(DescribeSnapshots(filters: [Filter("snapshot-id", [snapshot.id])])).first
        guard let found else { return nil }
        if found.state == "error" { return found.stateMessage ?? found.state }
        events(.progressed(id: "complete", detail: found.progress.isEmpty ? "0%" : found.progress))
        return found.state == "completed" ? found.state : nil
    }

    /// What an earlier run began and did not see complete, or what is hardly older than this run.
    /// - Returns: also the word under which one is begun, where there is none or it does not show yet.
    private func existing(of volume: DataVolume) async throws -> (word: String?, snapshot: Snapshot?) {
        if let word = try await begunSnapshot(of: volume) {
            let found = try await patience.poll(limit: isPlan ? .zero : patience.consistencyWindow) {
                try await snapshot(of: volume, word)
            }
            guard let found, found.state == "completed", !Self.isYoung(found) else { return (word, found) }
        }
        return (nil, try await snapshots(of: volume).first(where: Self.isYoung))
    }

    private static func isYoung(_ snapshot: Snapshot) -> Bool {
        Timestamp.now() - (Timestamp.seconds(snapshot.startTime) ?? 0) < VolumeSnapshot.sameForSeconds
    }

    private func snapshot(of volume: DataVolume, _ word: String) async throws -> Snapshot? {
        try await snapshots(of: volume).first { $0.tags[Tags.snapshot] == word }
    }

    /// The newest first.
    private func snapshots(of volume: DataVolume) async throws -> [Snapshot] {
        let filters = [Filter("volume-id", [volume.id]), Filter("tag-key", [Tags.snapshot])]
        return try await aws.all(DescribeSnapshots(filters: filters)).filter { $0.state != "error" }
            .sorted { $0.startTime > $1.startTime }
    }

    private func begunSnapshot(of volume: DataVolume) async throws -> String? {
        let found = try await aws.all(DescribeVolumes(filters: [Filter("volume-id", [volume.id])])).first
        return found?.tags[Tags.snapshot].flatMap { $0.isEmpty ? nil : $0 }
    }

    private func mark(_ volume: DataVolume, _ word: String) async throws {
        _ = try await aws.call(CreateTags(resources: [volume.id], tags: [Tag(Tags.snapshot, word)]))
    }

    private func tags(for volume: DataVolume) async throws -> [Tag] {
        [
            Tag(Tags.node, volume.node), Tag(Tags.chain, volume.target), Tag("Name", volume.node),
            Tag(Tags.consistency, try await isQuiet(volume) ? VolumeSnapshot.clean : VolumeSnapshot.crash),
        ]
    }

    /// Nobody writes to a volume whose machine is off, or that has none.
    private func isQuiet(_ volume: DataVolume) async throws -> Bool {
        guard let instance = volume.instance else { return true }
        return try await nodes(named: volume.node).first { $0.instance == instance }?.state == "stopped"
    }
}
