import AWS
import ChainKit

/// Whether an image is what it says: proved by the node's record of its seal, else removed.
extension Environment {
    /// The image that was asked for, where an earlier run began it or made it a moment ago. What such runs left half-made is
    /// finished or removed.
    func earlierImage(
        of node: Node, _ request: ImageRequest, _ volumes: [VolumeID], _ via: RemoteRoute?
    ) async throws -> MadeImage? {
        _ = try await deleteLeftovers(ofImage: nil)
        // What a run has made that was killed just now may not show yet.
        let limit = isPlan || request.wantsAnother ? .zero : patience.consistencyWindow
        let found = try await step(
            "earlier", "earlier images of \(node.name)", done: { $0?.image.id ?? "none to go on with" }
        ) {
            try await patience.poll(limit: limit) { () async throws -> MadeImage? in
                // Only the newest: an older one was not what somebody wanted who made another.
                let newest = try await finishedImages(of: node, volumes, via).first {
                    request.isOfKind($0.image, of: node)
                }
                return newest.flatMap { !request.wantsAnother && request.isMet(by: $0.image) ? $0 : nil }
            }
        }
        guard let found else { return nil }
        if found.image.state == "available" {
            events(.note("\(found.image.id) of \(found.image.made) is there already; --new makes another"))
        }
        return found
    }

    /// States that no image leaves.
    private static let failed: Set = ["failed", "error", "invalid"]

    /// The images that were made of a node, the newest first, and none of them half-made.
    private func finishedImages(
        of node: Node, _ volumes: [VolumeID], _ via: RemoteRoute?
    ) async throws -> [MadeImage] {
        var finished: [MadeImage] = []
        for image in try await imagesMade(of: node) {
            if Self.failed.contains(image.state) {
                try await removeEarlier(image, "AWS could not make it")
            } else if image.consistency != .sealing {
                finished.append(MadeImage(image: image, isNew: false))
            } else {
                let record = try await unseal(node, image.sealToken, via)
                if let proved = try await proved(image, record, volumes) {
                    finished.append(MadeImage(image: proved, isNew: false, stoppedSeconds: record?.stoppedSeconds))
                } else {
                    try await removeEarlier(image, "nothing proves that the node was sealed at its moment")
                }
            }
        }
        return finished
    }

    private func removeEarlier(_ image: NodeImage, _ why: String) async throws {
        events(.note("\(image.id) of \(image.made) was left half-made by an earlier run: \(why), so it is removed"))
        try await removeHalfMade(image)
    }

    /// Those that CreateImage made, not copies, which carry the same tags.
    private func imagesMade(of node: Node) async throws -> [NodeImage] {
        try await aws.all(DescribeImages(owners: ["self"], filters: [Tags.filter(node: node.name)]))
            .filter { $0.sourceInstanceID != nil }
            .compactMap { NodeImage($0, region: region, trusted: []) }
            .sorted { $0.made > $1.made }
    }

    /// The image, marked clean, once the node's record covers the moment of each of its snapshots.
    /// - Returns: nil where it does not, so that nobody knows what is on the image.
    func proved(_ image: NodeImage, _ record: SealRecord?, _ volumes: [VolumeID]) async throws -> NodeImage? {
        guard let record, let snapshots = try await snapshots(of: image, showing: volumes),
            snapshots.allSatisfy({ record.covers($0.startTime) })
        else { return nil }
        let mark = Tag(Tags.consistency, NodeImage.Consistency.clean.rawValue)
        _ = try await settled(CreateTags(resources: [image.id] + snapshots.map(\.id.rawValue), tags: [mark]))
        var image = image
        image.consistency = .clean
        image.tags[mark.key] = mark.value
        return image
    }

    /// Why an image is not kept. The moments tell a node that went on too early from a clock that is wrong.
    func unproved(_ image: NodeImage, of node: Node, _ record: SealRecord?) async throws -> Problem {
        let moments = try await snapshots(of: image).map(\.startTime).sorted()
        var cause = "AWS does not show its snapshots"
        var fix = "run the same command again"
        if let record, !moments.isEmpty {
            cause =
                "by its clock it was sealed from \(record.sealed) to \(record.unsealed); "
                + "AWS began the snapshots at \(moments.joined(separator: " and "))"
            fix +=
                "; where it says the same, the node's clock is wrong: "
                + "cloudrails node ssh \(node.name) -- timedatectl"
        } else if record == nil {
            cause = "it was restarted meanwhile"
        }
        return Problem(
            "Nothing proves that \(node.name) was at rest when its snapshots were begun, so the image would not be clean: "
                + "it is removed", cause: cause, fix: fix, kind: .tryLater)
    }

    /// An image's snapshots once there is one of each volume: from then on the moment that they show is past.
    /// - Returns: nil where some do not show in time.
    func snapshots(of image: NodeImage, showing volumes: [VolumeID]) async throws -> [Snapshot]? {
        guard !isPlan else { return [] }
        return try await patience.poll(limit: patience.consistencyWindow * 6) { () async throws -> [Snapshot]? in
            let found = try await snapshots(of: image)
            return Set(volumes).isSubset(of: found.map(\.volumeID)) ? found : nil
        }
    }

    /// Removes an image that nobody can have used, with its snapshots, whether it tells them or not.
    func removeHalfMade(_ image: NodeImage) async throws {
        var image = image
        image.volumes = try await snapshots(of: image).map {
            .init(device: "", snapshot: $0.id.rawValue, sizeGiB: $0.volumeSize)
        }
        _ = try await delete(image)
    }

    /// By the word of the making, as an image does not tell its snapshots before it is complete.
    func snapshots(of image: NodeImage) async throws -> [Snapshot] {
        guard let token = image.tags[Tags.seal] else { return [] }
        return try await aws.all(DescribeSnapshots(filters: [Filter("tag:\(Tags.seal)", [token])]))
    }
}

extension NodeImage {
    /// The word of the seal under which it was made.
    fileprivate var sealToken: String { tags[Tags.seal].map { String($0.prefix { $0 != " " }) } ?? "" }
}

extension ImageRequest {
    /// An image so young is what was asked for: the command was run twice.
    private static let sameForSeconds = 600.0
    /// One that was left unfinished is gone on with for so long. After that a run from a timer is to make another.
    private static let takenUpForSeconds = 86_400.0

    /// True where an image is of the kind that was asked for.
    fileprivate func isOfKind(_ image: NodeImage, of node: Node) -> Bool {
        image.target == node.target && ImageName(image.name)?.suffix == suffix
            && (image.consistency == .clean || (isCrashConsistent && image.consistency == .crash))
    }

    /// True where an image is what was asked for: it is being made, was left unfinished, or was made a moment ago; and no
    /// wallet is on it that was not allowed now.
    fileprivate func isMet(by image: NodeImage) -> Bool {
        guard image.allowed.isEmpty || image.allowed == allowedInWords else { return false }
        if image.state == "pending" { return true }
        let age = Timestamp.now() - (NodeStatus.seconds(image.made) ?? 0)
        let limit = image.isUnfinished ? Self.takenUpForSeconds : Self.sameForSeconds
        return image.state == "available" && age < limit
    }
}
