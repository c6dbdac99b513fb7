import AWS

/// An image that was deleted, and what became of its snapshots.
public struct DeletedImage: Sendable, Codable {
    /// A snapshot that stays.
    public struct KeptSnapshot: Sendable, Codable {
        /// EC2's id.
        public var id: String
        /// Why it stays.
        public var reason: String
    }

    /// EC2's id, or what was asked for where an earlier run has deregistered the image.
    public var id: String
    /// Its name; nil where an earlier run has deregistered it.
    public var name: String?
    /// The snapshots that were deleted with it.
    public var deletedSnapshots: [String]
    /// The snapshots that stay.
    public var keptSnapshots: [KeptSnapshot]
}

extension Environment {
    /// The image that is to be deleted; nil where an earlier run has deregistered it and left snapshots.
    /// EC2 DescribeImages, DescribeInstances, DescribeImageReferences, DescribeSnapshots.
    /// - Parameter force: true also where something uses it, or where it is public.
    /// - Throws: `Problem` where there is none, it is not ours, or it is used.
    public func imageToDelete(named text: String, force: Bool) async throws -> NodeImage? {
        guard let image = try await findImage(named: text) else {
            if try await leftovers(ofImage: text).isEmpty { throw noImage(named: text) }
            return nil
        }
        try refuseForeign(image)
        if force { return image }
        if image.isPublic {
            throw Problem(
                "\(image.id) is public", cause: "others may launch from it, or have it in their templates",
                fix: "cloudrails image unpublish \(image.id) first, or the same command with --force")
        }
        if let users = try await users(of: [image])[image.id] {
            throw Problem(
                "\(image.id) is in use", cause: users.all.joined(separator: ", "),
                fix: "the same command with --force: instances go on, but templates that name it fail")
        }
        return image
    }

    /// Deletes an image, or what an earlier run has left of it.
    public func delete(_ image: NodeImage?, named text: String) async throws -> DeletedImage {
        if let image { return try await delete(image) }
        return try await deleteLeftovers(ofImage: text)
            ?? DeletedImage(id: text, name: nil, deletedSnapshots: [], keptSnapshots: [])
    }

    /// Deletes an image with its snapshots: never one that is not ours, or that another image holds.
    ///
    /// The snapshots say by a tag that their image is being deleted before it is: afterwards nothing else tells whose they were,
    /// and a run that was cut short would leave them for good.
    /// EC2 DescribeImages, DescribeSnapshots, CreateTags, DeregisterImage, DeleteSnapshot.
    /// - Throws: `Problem` where the image is not ours.
    public func delete(_ image: NodeImage) async throws -> DeletedImage {
        try refuseForeign(image)
        let (deletable, kept) = try await fate(of: image)
        return try await step("delete \(image.id)", "deleting \(image.id)", done: { Self.counted($0.deletedSnapshots) })
        {
            try await mark(deletable, of: image)
            // AWS does not ask whose a snapshot is, so it is left to delete them only where all are ours.
            let all = kept.allSatisfy { $0.isHeld }
            let answer = try await unlessMissing {
                try await aws.call(DeregisterImage(imageID: image.imageID, deleteAssociatedSnapshots: all))
            }
            let gone = Set((answer ?? []).filter { $0.returnCode == "success" }.map(\.snapshotID))
            if !(isPlan && all) { try await delete(deletable.map(\.id).filter { !gone.contains($0) }) }
            return DeletedImage(
                id: image.id, name: image.name, deletedSnapshots: deletable.map(\.id.rawValue),
                keptSnapshots: kept.map { .init(id: $0.id, reason: $0.reason) })
        }
    }

    /// Deletes the snapshots that an earlier run has left of an image which is gone.
    /// EC2 DescribeSnapshots, DeleteSnapshot.
    /// - Parameter text: the image's id or name; nil for all images.
    /// - Returns: nil where there are none.
    public func deleteLeftovers(ofImage text: String?) async throws -> DeletedImage? {
        let left = try await leftovers(ofImage: text).map(\.id)
        guard !left.isEmpty else { return nil }
        try await step("leftovers", "snapshots of images that are gone", done: { "\(left.count) deleted" }) {
            try await delete(left)
        }
        return DeletedImage(
            id: text ?? "", name: nil, deletedSnapshots: left.map(\.rawValue), keptSnapshots: [])
    }

    /// Snapshots whose image was being deleted and is gone. EC2 DescribeSnapshots, DescribeImages.
    func leftovers(ofImage text: String?) async throws -> [Snapshot] {
        let patterns = text.map { ["\($0) *", "* \($0)"] } ?? ["*"]
        let found = try await aws.all(DescribeSnapshots(filters: [Filter("tag:\(Tags.deleting)", patterns)]))
            .filter { $0.tags[Tags.node] != nil }
        guard !found.isEmpty else { return [] }
        let held = Set(try await images(holding: found.map(\.id.rawValue)).flatMap(\.snapshots))
        return found.filter { !held.contains($0.id.rawValue) }
    }

    /// Refuses what cloudrails has not made.
    func refuseForeign(_ image: NodeImage) throws {
        guard !image.isOurs else { return }
        throw Problem(
            image.isOwn
                ? "\(image.id) does not carry the tag \(Tags.node), so cloudrails does not touch it"
                : "\(image.id) belongs to account \(image.owner)",
            cause: image.name, fix: "cloudrails image list")
    }

    /// Why a snapshot stays.
    private struct Kept {
        var id: String
        var reason: String
        var isHeld: Bool
    }

    /// Which snapshots go with an image, and which stay.
    private func fate(of image: NodeImage) async throws -> (deletable: [Snapshot], kept: [Kept]) {
        async let described = snapshotsHeld(by: image)
        let others = try await images(holding: image.snapshots).filter { $0.id != image.id }
        var deletable: [Snapshot] = []
        var kept: [Kept] = []
        for snapshot in try await described {
            let id = snapshot.id.rawValue
            if let other = others.first(where: { $0.snapshots.contains(id) }) {
                kept.append(Kept(id: id, reason: "\(other.id) holds it", isHeld: true))
            } else if snapshot.tags[Tags.node] == nil {
                kept.append(Kept(id: id, reason: "it does not carry the tag \(Tags.node)", isHeld: false))
            } else {
                deletable.append(snapshot)
            }
        }
        return (deletable, kept)
    }

    /// An image's snapshots, as far as they are there. One that is not complete does not name all of them, but they carry its
    /// seal. EC2 DescribeSnapshots.
    func snapshotsHeld(by image: NodeImage) async throws -> [Snapshot] {
        async let sealed = image.state == "available" ? [] : snapshots(of: image)
        guard !image.snapshots.isEmpty else { return try await sealed }
        let named = try await aws.all(DescribeSnapshots(filters: [Filter("snapshot-id", image.snapshots)]))
        return named + (try await sealed.filter { !image.snapshots.contains($0.id.rawValue) })
    }

    /// Images of any name that hold one of these snapshots. EC2 DescribeImages.
    private func images(holding snapshots: [String]) async throws -> [Holder] {
        let found = try await snapshots.groups(of: Filter.mostValues).concurrentMap { group in
            let filter = Filter("block-device-mapping.snapshot-id", group)
            return try await aws.all(DescribeImages(owners: ["self"], filters: [filter]))
        }
        return found.joined().map { image in
            Holder(id: image.id.rawValue, snapshots: image.blockDevices.compactMap { $0.snapshotID?.rawValue })
        }
    }

    private struct Holder {
        var id: String
        var snapshots: [String]
    }

    private func mark(_ snapshots: [Snapshot], of image: NodeImage) async throws {
        let mark = Tag(Tags.deleting, "\(image.id) \(image.name)")
        let unmarked = snapshots.filter { $0.tags[mark.key] != mark.value }.map(\.id.rawValue)
        if !unmarked.isEmpty { _ = try await aws.call(CreateTags(resources: unmarked, tags: [mark])) }
    }

    /// For a moment after its image is gone AWS may say that a snapshot is in use.
    private func delete(_ snapshots: [SnapshotID]) async throws {
        _ = try await snapshots.concurrentMap { snapshot in
            var last: AWSError?
            let done = try await patience.poll(limit: isPlan ? .zero : patience.consistencyWindow) { () -> Bool? in
                do {
                    _ = try await unlessMissing { try await aws.call(DeleteSnapshot(snapshotID: snapshot)) }
                    return true
                } catch let error as AWSError where error.code == "InvalidSnapshot.InUse" {
                    last = error
                    return nil
                }
            }
            if done == nil, let last { throw last }
        }
    }

    private static func counted(_ snapshots: [String]) -> String {
        "gone, with \(snapshots.count) snapshot\(snapshots.count == 1 ? "" : "s")"
    }
}
