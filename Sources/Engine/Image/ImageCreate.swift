import AWS
import ChainKit

/// What an image is to be.
public struct ImageRequest: Sendable {
    /// The end of its name.
    public var suffix: String?
    /// True leaves the client running: the data is as after a power cut.
    public var isCrashConsistent: Bool
    /// Files that look like a wallet, and may be on the image. Their paths fit in a tag's value.
    public var allowed: [String]
    /// True where everybody is to launch it, which encrypted volumes do not allow.
    public var isForEverybody: Bool
    /// True makes one even where one was made a moment ago.
    public var wantsAnother: Bool

    /// A request from its parts.
    public init(
        suffix: String? = nil, isCrashConsistent: Bool = false, allowed: [String] = [], isForEverybody: Bool = false,
        wantsAnother: Bool = false
    ) {
        self.suffix = suffix
        self.isCrashConsistent = isCrashConsistent
        self.allowed = allowed
        self.isForEverybody = isForEverybody
        self.wantsAnother = wantsAnother
    }

    /// What a tag's value has room for, characters (EC2 CreateTags).
    private static let longestValue = 256

    /// What a tag says of the allowed files, for people and for the next run; empty where there are none.
    var allowedInWords: String { Set(allowed).sorted().joined(separator: ", ") }

    /// False where the allowed files' paths are too long together to be noted on the image.
    public var canNoteAllowed: Bool { allowedInWords.count <= Self.longestValue }
}

/// An image, and how it came about.
public struct MadeImage: Sendable, Codable {
    /// The image.
    public var image: NodeImage
    /// False when an earlier run began it.
    public var isNew: Bool
    /// For how many seconds the node's client was down; nil where it was not, or nobody knows any more.
    public var stoppedSeconds: Int?
}

extension Environment {
    /// Makes an image of a node that runs, or takes up the one that an earlier run began.
    ///
    /// CreateImage has no ClientToken. What it makes is named after the seal, so that a repeat under the same seal is refused as
    /// a duplicate; and is `sealing` until the node's own record proves that it was sealed at the very moment which the
    /// snapshots show. A run that finds an image in that state asks the node for the record, and keeps or removes the image.
    /// EC2 DescribeVolumes, DescribeImages, DescribeSnapshots, CreateImage, CreateTags, DeregisterImage; and commands on the
    /// node.
    /// - Returns: an image whose snapshots are still being copied.
    /// - Throws: `Problem` when the node cannot be reached or sealed, holds a wallet, or has no data volume or several.
    public func makeImage(of node: Node, _ request: ImageRequest, via: RemoteRoute? = nil) async throws -> MadeImage {
        guard node.state == "running" else { throw Self.notRunning(node) }
        async let open: Void = request.isForEverybody ? refuseBlockedAccess() : ()
        let volumes = try await volumesToShow(of: node, request)
        try await open
        if let found = try await earlierImage(of: node, request, volumes, via) { return found }
        guard request.isCrashConsistent else { return try await cleanImage(of: node, request, volumes, via) }
        return try await crashImage(of: node, request, via)
    }

    /// Notes that all is done with an image that was asked for: from now on it is not taken up again. EC2 CreateTags.
    public func finish(_ image: NodeImage) async throws -> NodeImage {
        guard image.isUnfinished else { return image }
        let mark = Tag(Tags.unfinished, "")
        _ = try await aws.call(CreateTags(resources: [image.id] + image.snapshots, tags: [mark]))
        var image = image
        image.tags[mark.key] = mark.value
        return image
    }

    private func cleanImage(
        of node: Node, _ request: ImageRequest, _ volumes: [VolumeID], _ via: RemoteRoute?
    ) async throws -> MadeImage {
        let (image, record) = try await whileSealed(node, allowed: request.allowed, via: via) { seal in
            let image = try await create(try ImageFacts(seal, of: node).call(for: node, request))
            _ = try await snapshots(of: image, showing: volumes)
            return image
        }
        if let proved = try await proved(image, record, volumes) {
            return MadeImage(image: proved, isNew: true, stoppedSeconds: record?.stoppedSeconds)
        }
        let problem = try await unproved(image, of: node, record)
        try await removeHalfMade(image)
        throw problem
    }

    private func crashImage(
        of node: Node, _ request: ImageRequest, _ via: RemoteRoute?
    ) async throws -> MadeImage {
        try await refuseWallets(on: node, allowed: request.allowed, via: via)
        let call = try await facts(of: node, via).call(for: node, request)
        // A snapshot has only what is on the disk: files that were written a moment ago would be empty.
        try await onNode(["sync"], node, via)
        return MadeImage(image: try await create(call), isNew: true)
    }

    /// CreateImage, once.
    private func create(_ call: CreateImage) async throws -> NodeImage {
        let token = call.tags.first { $0.key == Tags.seal }?.value
        do {
            let id = try await step("image", "image of \(call.instanceID)", done: { $0.description }) {
                try await makeOnce(call, duplicate: "InvalidAMIName.Duplicate") {
                    let named = DescribeImages(owners: ["self"], filters: [Filter("name", [call.name])])
                    return try await aws.all(named).first { $0.tags[Tags.seal] == token }?.id
                }
            }
            guard let image = NodeImage(Image(id, begunBy: call), region: region, trusted: []) else {
                throw Problem("'\(call.name)' is no image's name")
            }
            return image
        } catch let error as AWSError where error.code == "InvalidAMIName.Duplicate" {
            throw Problem(
                "There is an image of that name already", cause: "\(call.name), which tells the minute",
                fix: "run the same command again a minute later, or with another --name-suffix", kind: .tryLater,
                requestID: error.requestID)
        } catch let error as AWSError where error.code == "ConcurrentSnapshotLimitExceeded" {
            throw Problem(
                "AWS makes no further snapshot of these volumes for now", cause: error.message,
                fix: "run the same command again when those that are under way are complete", kind: .tryLater,
                requestID: error.requestID)
        }
    }

    /// What an image shows: the node's system and its chain, and nothing else.
    private func volumesToShow(of node: Node, _ request: ImageRequest) async throws -> [VolumeID] {
        let filter = Filter("attachment.instance-id", [node.instance])
        let volumes = try await aws.all(DescribeVolumes(filters: [filter]))
        let devices = volumes.map { "\($0.id) (\($0.attachments.first?.device ?? "-"))" }
        let all = "it has \(devices.sorted().joined(separator: ", "))"
        guard node.dataVolume != nil else {
            throw Problem(
                "\(node.name) has no data volume, so its image would hold no chain", cause: all,
                fix: "cloudrails volume list")
        }
        guard volumes.count == 2 else {
            throw Problem(
                "\(node.name) has more than one data volume, and an image shows all of them", cause: all,
                fix: "detach those that are not the chain's")
        }
        if request.isForEverybody, let encrypted = volumes.first(where: \.isEncrypted) {
            throw Problem(
                "An image of \(node.name) cannot be public",
                cause: "\(encrypted.id) is encrypted, and so is every snapshot of it",
                fix: "leave --public out; or make it of a node that was launched where EBS does not encrypt by default")
        }
        return volumes.map(\.id)
    }

    /// What a node that goes on says of itself.
    private func facts(of node: Node, _ via: RemoteRoute?) async throws -> ImageFacts {
        try await step("status", "height of \(node.name)", done: { String($0.height) }) {
            guard isPlan else { return try ImageFacts(try await report(of: node, via: via), of: node) }
            try await helper("status", "--json", on: node, via: via)
            var facts = try ImageFacts(Self.plannedSeal(node), of: node)
            facts.consistency = .crash
            return facts
        }
    }
}
