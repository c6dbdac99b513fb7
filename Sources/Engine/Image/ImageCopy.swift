import AWS
import ChainKit

/// A copy of an image in another region.
public struct CopiedImage: Sendable, Codable {
    /// The copy.
    public var image: NodeImage
    /// False when an earlier run began it.
    public var isNew: Bool
}

extension Environment {
    /// Refuses regions that the account cannot use. EC2 DescribeRegions.
    /// - Throws: `Problem` of kind `usage`.
    public func refuseUnknown(regions: [String]) async throws {
        let known = try await aws.call(DescribeRegions()).map(\.regionName).sorted()
        guard let unknown = regions.first(where: { !known.contains($0) }) else { return }
        throw Problem(
            "There is no region '\(unknown)' that this account can use",
            cause: "it can use \(known.joined(separator: ", "))",
            fix: "name one of these", kind: .usage)
    }

    /// Copies an image to several regions at once.
    /// - Parameter waits: false only begins the copies.
    public func copies(of image: NodeImage, in regions: [String], waits: Bool) async throws -> [CopiedImage] {
        try await regions.concurrentMap { region in
            var copied = try await copy(image, to: region)
            if waits { copied.image = try await waitUntilCopied(copied.image) }
            return copied
        }
    }

    /// Begins a copy of an image in another region, or takes up the one that an earlier run began: it has the same name, which
    /// is unique in an account's region. EC2 DescribeImages, CopyImage.
    /// - Returns: the copy, whose snapshots AWS may copy for hours yet.
    public func copy(_ image: NodeImage, to region: String) async throws -> CopiedImage {
        try refuseUncopyable(image)
        let there = elsewhere(region)
        if let found = try await there.copy(named: image.name) {
            if found.state == "available" { events(.note("\(found.id) in \(region) is there already")) }
            return CopiedImage(image: found, isNew: false)
        }
        let made = try await step("copy \(region)", "copy in \(region)", done: { $0.id }) {
            try await there.begin(image)
        }
        return CopiedImage(image: made, isNew: true)
    }

    /// Waits until a copy can be launched. Leaving the wait loses nothing.
    /// EC2 DescribeImages, DescribeSnapshots, in the copy's region.
    /// - Throws: `Problem` when AWS could not make it, or when it is gone.
    public func waitUntilCopied(_ copy: NodeImage) async throws -> NodeImage {
        guard !isPlan, copy.state != "available" else { return copy }
        let there = elsewhere(copy.region)
        let id = "copied \(copy.region)"
        let settles = ContinuousClock.now + patience.consistencyWindow
        let ended = try await step(id, "copying to \(copy.region)", done: { $0.state }) {
            try await patience.slow.poll(limit: nil) { () async throws -> NodeImage? in
                async let snapshots = there.snapshots(of: copy)
                guard let now = try await there.copy(named: copy.name) else {
                    if ContinuousClock.now < settles { return nil }
                    throw Problem(
                        "\(copy.id) in \(copy.region) is gone", cause: "somebody has deleted it while AWS was copying",
                        fix: "run the same command again")
                }
                events(.progressed(id: id, detail: ImageProgress(try await snapshots).text()))
                return now.state == "pending" ? nil : now
            } ?? copy
        }
        guard ended.state == "available" else {
            throw Problem(
                "AWS could not copy the image to \(copy.region): \(ended.id) is \(ended.state)",
                cause: ended.stateReason,
                fix: "cloudrails image delete \(ended.id) --region \(copy.region), then the same command again",
                kind: .tryLater)
        }
        return ended
    }

    private func refuseUncopyable(_ image: NodeImage) throws {
        guard image.isGood else {
            let consistency = image.consistency?.rawValue ?? "not known to be whole"
            throw Problem(
                "\(image.id) cannot be copied", cause: "it is \(image.state), and its data is \(consistency)",
                fix: "cloudrails image show \(image.id)", kind: .tryLater)
        }
    }

    private func copy(named name: String) async throws -> NodeImage? {
        try await images(owners: ["self"], filters: [Filter("name", [name])]).first
    }

    /// CopyImage, in this region. The token follows from image and region, so that a run after a kill gets the same copy. AWS
    /// remembers a token for a while after its copy was deleted, and answers with an image that is gone: then the next token
    /// follows from that one, too.
    private func begin(_ image: NodeImage) async throws -> NodeImage {
        var words = "\(image.id) \(region)"
        for _ in 1...4 {
            let token = ClientToken.of("copy", words)
            do {
                let id = try await aws.call(call(for: image, token))
                if let copy = try await made(id, of: image) { return copy }
                words += " \(id)"
            } catch let error as AWSError where error.code == "IdempotentParameterMismatch" {
                words += " changed"
            } catch let error as AWSError where error.code == "InvalidAMIName.Duplicate" {
                guard
                    let copy = try await patience.poll(
                        limit: patience.consistencyWindow, { try await copy(named: image.name) })
                else { throw error }
                return copy
            } catch let error as AWSError where error.kind == .quota {
                throw Problem(
                    "AWS makes no further copy in \(region) for now", cause: error.message,
                    fix: "run the same command again when those that are under way are complete", kind: .tryLater,
                    requestID: error.requestID)
            }
        }
        throw Problem(
            "What AWS has begun to copy to \(region) does not show", fix: "run the same command again", kind: .tryLater)
    }

    /// The copy, once it shows; nil where it does not within the consistency window.
    private func made(_ id: ImageID, of image: NodeImage) async throws -> NodeImage? {
        if isPlan {
            var planned = image
            planned.id = id.rawValue
            planned.region = region
            planned.state = "pending"
            return planned
        }
        return try await patience.poll(limit: patience.consistencyWindow) {
            try await images(owners: ["self"], filters: [Filter("image-id", [id.rawValue])]).first
        }
    }

    private func call(for image: NodeImage, _ token: String) -> CopyImage {
        CopyImage(
            sourceImageID: image.imageID, sourceRegion: image.region, name: image.name, description: image.description,
            clientToken: token, tags: image.tagsOfCopy(word: token))
    }
}

extension NodeImage {
    /// What a copy carries: the tags of ours; on the image of another account, whose tags do not show, what it says elsewhere.
    fileprivate func tagsOfCopy(word: String) -> [Tag] {
        let passing = [Tags.deleting, Tags.unfinished]
        var tags = tags.filter { $0.key.hasPrefix(Tags.prefix) && !passing.contains($0.key) }
        let said = [
            Tags.node: target.replacing("/", with: "-"), Tags.chain: target, Tags.height: String(height),
            Tags.hash: hash ?? "", Tags.client: client, Tags.consistency: consistency?.rawValue ?? "", Tags.seal: word,
            "Name": self.tags["Name"] ?? name,
        ]
        tags.merge(said) { own, _ in own }
        return tags.sorted { $0.key < $1.key }.map { Tag($0.key, $0.value) }
    }
}
