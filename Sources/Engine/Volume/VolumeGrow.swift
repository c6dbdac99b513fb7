import AWS

/// What growing a volume came to.
public struct GrownVolume: Sendable, Codable {
    /// The volume as it is now.
    public var volume: DataVolume
    /// False when it had that size already.
    public var isChanged: Bool
    /// What the file system on it is.
    public var fileSystem: FileSystem

    /// What a file system is, after its volume has grown.
    public enum FileSystem: String, Sendable, Codable {
        /// As large as the volume.
        case grown
        /// It grows when the machine starts.
        case growsAtStart
    }
}

extension Environment {
    /// Makes a data volume larger, and then the file system on it, while the node runs.
    ///
    /// ModifyVolume is never made blindly, as AWS counts changes: what is under way is looked at first, and after a lost
    /// answer again. The new size can be used as soon as the change is `optimizing`.
    /// EC2 DescribeVolumesModifications, ModifyVolume, DescribeVolumes, DescribeInstances; and a command on the node.
    /// - Throws: `Problem` when the size does not fit, another change is under way, or AWS allows no more of them today.
    public func grow(_ volume: DataVolume, to size: Int, via: RemoteRoute?) async throws -> GrownVolume {
        try refuseUnlessLarger(volume, size)
        var grown = volume
        let isChanged = volume.sizeGiB < size
        let last = try await modification(of: volume)
        if isChanged {
            if let last, last.isUnderWay, last.targetSize != size { throw Self.underWay(last) }
            if last?.isUnderWay != true { try await modify(volume, to: size) }
        }
        if isChanged || last?.state == .modifying { try await followModification(of: volume) }
        grown.sizeGiB = size
        let fileSystem = try await growFileSystem(on: grown, via)
        return GrownVolume(
            volume: isPlan ? grown : try await latest(volume), isChanged: isChanged, fileSystem: fileSystem)
    }

    private func refuseUnlessLarger(_ volume: DataVolume, _ size: Int) throws {
        if size < volume.sizeGiB {
            throw Problem(
                "\(volume.id) has \(volume.sizeGiB) GiB, and a volume never shrinks",
                fix: "cloudrails node launch \(volume.target) --new-volume --disk-size \(size), which syncs anew",
                kind: .usage)
        }
        if let limits = VolumeType.named(volume.type), size > limits.size.upperBound {
            throw Problem(
                "\(volume.type) volumes end at \(limits.size.upperBound) GiB",
                fix: "choose a size up to that", kind: .usage)
        }
    }

    /// The latest change of a volume; nil where it never was changed. AWS answers `NotFound` then, or nothing.
    private func modification(of volume: DataVolume) async throws -> VolumeModification? {
        let call = DescribeVolumesModifications(filters: [Filter("volume-id", [volume.id])])
        return try await unlessMissing { try await aws.all(call) }?.max { $0.startTime < $1.startTime }
    }

    private func modify(_ volume: DataVolume, to size: Int) async throws {
        do {
            _ = try await step("modify", "\(volume.id) from \(volume.sizeGiB) to \(size) GiB", done: { _ in "begun" }) {
                try await makeOnce(
                    ModifyVolume(volumeID: volume.volumeID, size: size), duplicate: "IncorrectModificationState",
                    find: {
                        let last = try await modification(of: volume)
                        return last?.targetSize == size && last?.state != .failed ? last : nil
                    })
            }
        } catch let error as AWSError where error.code == "VolumeModificationRateExceeded" {
            throw Problem(
                "AWS allows no further change of \(volume.id) for now",
                cause: error.message + " (four changes in 24 hours; elsewhere still one in six hours)",
                fix: "run the same command again some hours later", kind: .tryLater, requestID: error.requestID)
        } catch let error as AWSError where error.code == "IncorrectModificationState" {
            throw Problem(
                "Another change of \(volume.id) is under way", cause: error.message,
                fix: "run the same command again when it is complete, which may take hours", kind: .tryLater,
                requestID: error.requestID)
        }
    }

    private static func underWay(_ last: VolumeModification) -> Problem {
        Problem(
            "Another change of \(last.volumeID) is under way",
            cause: "\(last.state.rawValue), \(last.progress) %" + (last.targetSize.map { ", to \($0) GiB" } ?? ""),
            fix: "run the same command again when it is complete, which may take hours", kind: .tryLater)
    }

    /// The size is there from `optimizing` on; AWS completes the rest by itself.
    private func followModification(of volume: DataVolume) async throws {
        guard !isPlan else { return }
        _ = try await step("grow", "growing \(volume.id)", done: { $0 }) {
            let end = try await patience.poll(limit: nil) { () async throws -> String? in
                guard let now = try await modification(of: volume) else { return nil }
                if now.state == .failed {
                    throw Problem(
                        "AWS could not change \(volume.id); nothing was lost", cause: now.statusMessage,
                        fix: "run the same command again", kind: .tryLater)
                }
                events(.progressed(id: "grow", detail: "\(now.state.rawValue), \(now.progress) %"))
                return now.state == .modifying ? nil : now.state.rawValue
            }
            return end ?? ""
        }
    }

    private func growFileSystem(on volume: DataVolume, _ via: RemoteRoute?) async throws -> GrownVolume.FileSystem {
        let node = try await nodes(named: volume.node).first { $0.instance == volume.instance }
        guard let node, node.state == "running" || node.state == "pending" else { return .growsAtStart }
        do {
            try await step("file-system", "growing the file system on \(node.name)", done: { "done" }) {
                try await helper("grow", String(volume.sizeGiB), on: try await waitUntilRunning(node), via: via)
            }
        } catch var problem as Problem {
            problem.summary =
                "\(volume.id) has \(volume.sizeGiB) GiB, but the file system on it did not follow: \(problem.summary)"
            problem.fix = (problem.fix.map { "\($0); then " } ?? "") + "run the same command again"
            throw problem
        }
        // Some clients end without an error when their disk is full: nothing starts them again. geth does so while some GiB
        // are left, which are a few percent of a large disk or less than one.
        if let disk = node.reported?.disk, disk >= 95 {
            events(
                .note("Its disk was full, or nearly so. Where the client has ended: cloudrails node start \(node.name)")
            )
        }
        return .grown
    }
}

extension VolumeModification {
    /// True while AWS takes no other change.
    fileprivate var isUnderWay: Bool { state == .modifying || state == .optimizing }
}
