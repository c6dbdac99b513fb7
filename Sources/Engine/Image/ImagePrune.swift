import AWS
public import ChainKit

/// Which images go and which stay when only the newest are kept.
public struct Pruning: Sendable, Codable {
    /// An image that stays.
    public struct Kept: Sendable, Codable {
        /// The image.
        public var image: NodeImage
        /// Why it stays.
        public var reason: String
    }

    /// Those that go, the newest first.
    public var deleted: [NodeImage]
    /// Those that stay, the newest first.
    public var kept: [Kept]
    /// Snapshots that an earlier run has left of images which are gone; they go too.
    public var leftSnapshots: [String]
}

/// What may be deleted besides what is old, private and used by nobody.
public struct PruneLimits: Sendable {
    /// How many good ones stay of each target and architecture.
    public var keep: Int
    /// True for public ones too.
    public var includesPublic: Bool
    /// True for those that are in use too.
    public var includesUsed: Bool

    /// Limits from their parts.
    public init(keep: Int, includesPublic: Bool = false, includesUsed: Bool = false) {
        self.keep = keep
        self.includesPublic = includesPublic
        self.includesUsed = includesUsed
    }
}

extension Environment {
    /// Decides which of the account's images would go. Changes nothing.
    /// EC2 DescribeImages, DescribeInstances, DescribeImageReferences, DescribeSnapshots.
    /// - Parameters:
    ///   - target: nil for all targets.
    ///   - new: an image that was made just now, which counts and stays in any case.
    public func pruning(
        of target: Target?, _ limits: PruneLimits, besides new: NodeImage? = nil
    ) async throws -> Pruning {
        async let left = leftovers(ofImage: nil)
        var ours = try await images(of: target).filter { $0.isOurs && $0.id != new?.id }
        if let new { ours.append(new) }
        var pruning = Pruning(ours, limits)
        pruning.spare { $0.id == new?.id ? "made just now" : nil }
        let users = limits.includesUsed ? [:] : try await users(of: pruning.deleted)
        pruning.spare { image in
            users[image.id].map { "in use by \($0.all.joined(separator: ", "))" }
        }
        pruning.leftSnapshots = try await left.map(\.id.rawValue)
        return pruning
    }

    /// Deletes what is to go.
    /// EC2 DescribeImages, DescribeSnapshots, CreateTags, DeregisterImage, DeleteSnapshot.
    public func prune(_ pruning: Pruning) async throws -> [DeletedImage] {
        async let left = pruning.leftSnapshots.isEmpty ? nil : deleteLeftovers(ofImage: nil)
        let deleted = try await pruning.deleted.concurrentMap { try await delete($0) }
        _ = try await left
        return deleted
    }
}

extension Pruning {
    /// Decides by what the images say of themselves.
    init(_ images: [NodeImage], _ limits: PruneLimits, now: Double = Timestamp.now()) {
        self.init(deleted: [], kept: [], leftSnapshots: [])
        let sorted = images.sorted { NodeImage.isOlder($1, $0) }
        let groups = Dictionary(grouping: sorted) { "\($0.target) \($0.architecture.rawValue)" }
        let newest = groups.mapValues { Self.newest($0.filter(\.isGood), limits.keep, now) }
        for image in sorted {
            let group = "\(image.target) \(image.architecture.rawValue)"
            if let reason = Self.reason(image, newest[group] ?? [:], limits, now) {
                kept.append(Kept(image: image, reason: reason))
            } else {
                deleted.append(image)
            }
        }
    }

    /// The newest so many, and the newest clean one if none of them is: a crash-consistent image may turn out to be broken.
    private static func newest(_ good: [NodeImage], _ count: Int, _ now: Double) -> [String: String] {
        let counted = counted(good, now)
        let newest = counted.prefix(count)
        var reasons = Dictionary(uniqueKeysWithValues: newest.map { ($0.id, "among the newest \(count)") })
        let isClean = { (image: NodeImage) in image.consistency == .clean }
        if !newest.contains(where: isClean), let clean = counted.first(where: isClean) ?? good.first(where: isClean) {
            reasons[clean.id] = "the newest clean one"
        }
        return reasons
    }

    /// A launch never takes a deprecated image by itself, so that only the others count; where there is no other, these do, so
    /// that the last does not go.
    private static func counted(_ good: [NodeImage], _ now: Double) -> [NodeImage] {
        let current = good.filter { !$0.isDeprecated(now: now) }
        return current.isEmpty ? good : current
    }

    private static func reason(
        _ image: NodeImage, _ newest: [String: String], _ limits: PruneLimits, _ now: Double
    ) -> String? {
        if let reason = newest[image.id] { return reason }
        // Nothing proves an image so late: its node is gone, or nobody has made another of it.
        let isForsaken = image.ageDays(now: now) > 0
        if image.state == "pending" || (image.consistency == .sealing && !isForsaken) { return "being made" }
        if image.isPublic && !limits.includesPublic { return "public" }
        return nil
    }

    /// Keeps those that there is a reason to keep.
    mutating func spare(_ reason: (NodeImage) -> String?) {
        let reasons = deleted.map { ($0, reason($0)) }
        deleted = reasons.filter { $0.1 == nil }.map(\.0)
        kept += reasons.compactMap { image, reason in reason.map { Kept(image: image, reason: $0) } }
        kept.sort { NodeImage.isOlder($1.image, $0.image) }
    }
}
