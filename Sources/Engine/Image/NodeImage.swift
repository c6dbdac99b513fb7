public import AWS
public import ChainKit

/// An image of a node: what it runs, how far its chain is, and how good it is.
///
/// What it is comes from its name. What the name has no place for comes from our tags, or, on the image of another account,
/// whose tags are not shown, from its description.
public struct NodeImage: Sendable, Codable {
    /// How its data was when it was made.
    public enum Consistency: String, Sendable, Codable {
        /// No client was writing.
        case clean
        /// As after a power cut: a client was writing.
        case crash
        /// Being made; nobody knows yet.
        case sealing
    }

    /// A volume that it launches with.
    public struct Volume: Sendable, Codable {
        /// What EC2 calls it, such as `/dev/xvdf`.
        public var device: String
        /// The snapshot that it is made from; nil while AWS has none yet.
        public var snapshot: String?
        /// Its size, GiB; 0 while AWS does not say.
        public var sizeGiB: Int
    }

    /// EC2's id.
    public var id: String
    /// EC2's name of it, which is an `ImageName`.
    public var name: String
    /// The target that it runs.
    public var target: String
    /// The height of the last block on it.
    public var height: Int
    /// That block's hash; nil where nobody says.
    public var hash: String?
    /// Its programs with their versions.
    public var client: String
    /// When it was made, ISO 8601, such as `2026-11-24T10:05Z`.
    public var made: String
    /// `arm64` or `x86_64`.
    public var architecture: Architecture
    /// EC2's word: `available`, `pending`, `failed`, …
    public var state: String
    /// Why it failed, where it did.
    public var stateReason: String?
    /// How its data is; nil where nobody says.
    public var consistency: Consistency?
    /// True when everybody may launch it.
    public var isPublic: Bool
    /// True for an image of this account, else it is one of an account that the user trusts.
    public var isOwn: Bool
    /// The account that owns it.
    public var owner: String
    /// Its region.
    public var region: String
    /// What its volumes have together, GiB.
    public var sizeGiB: Int
    /// At most what its snapshots cost, US dollars a month; nil where another account pays.
    public var monthlyUSDAtMost: Double?
    /// From when on it is not to be used, ISO 8601; nil where it has no end.
    public var deprecated: String?
    /// The device of its system.
    public var rootDevice: String
    /// Its volumes.
    public var volumes: [Volume]
    /// True where one of its snapshots is encrypted.
    public var isEncrypted: Bool
    /// What it says to accounts that do not see its tags.
    public var description: String
    /// Its tags, which only its owner sees.
    public var tags: [String: String]

    /// The image of a node that an image is; nil where its name is none of ours.
    /// - Parameter trusted: the accounts that are not ours, but whose images were asked for.
    init?(_ image: Image, region: String, trusted: [String]) {
        guard let parsed = ImageName(image.name) else { return nil }
        let described = image.description.flatMap { ImageDescription($0) }
        id = image.id.rawValue
        name = image.name
        target = parsed.target.description
        height = parsed.height
        hash = (image.tags[Tags.hash] ?? described?.hash).flatMap { $0.isEmpty ? nil : $0 }
        client = image.tags[Tags.client] ?? described?.clients ?? parsed.version
        made = Self.time(parsed.made)
        architecture = parsed.architecture
        state = image.state
        stateReason = image.stateReason
        consistency = (image.tags[Tags.consistency] ?? described?.consistency.rawValue).flatMap { .init(rawValue: $0) }
        isPublic = image.isPublic
        isOwn = !image.tags.isEmpty || !trusted.contains(image.ownerID)
        owner = image.ownerID
        self.region = region
        volumes = image.blockDevices.map {
            Volume(device: $0.deviceName, snapshot: $0.snapshotID?.rawValue, sizeGiB: $0.volumeSize ?? 0)
        }
        sizeGiB = volumes.map(\.sizeGiB).reduce(0, +)
        monthlyUSDAtMost = isOwn ? SnapshotPrice.monthlyUSD(sizeGiB: sizeGiB) : nil
        deprecated = image.deprecationTime
        rootDevice = image.rootDeviceName
        isEncrypted = image.blockDevices.contains(where: \.isEncrypted)
        description = image.description ?? ""
        tags = image.tags
    }

    /// `2026-11-24T10:05Z`, from a name's `20261124T1005Z`.
    private static func time(_ made: String) -> String {
        let parts = [(0, 4, "-"), (4, 6, "-"), (6, 8, ""), (8, 11, ":"), (11, 14, "")]
        let letters = Array(made)
        return parts.map { String(letters[$0.0..<$0.1]) + $0.2 }.joined()
    }
}

extension NodeImage {
    /// The id as AWS's calls take it.
    public var imageID: ImageID { ImageID(rawValue: id) }
    /// The ids of its snapshots.
    public var snapshots: [String] { volumes.compactMap(\.snapshot) }
    /// The volume of its system.
    public var rootVolume: Volume? { volumes.first { $0.device == rootDevice } }
    /// The volume with the chain.
    public var dataVolume: Volume? { volumes.first { $0.device == Launch.dataDevice } }
    /// At most what the snapshots of a copy of it cost its account, US dollars a month.
    public var copyMonthlyUSDAtMost: Double { SnapshotPrice.monthlyUSD(sizeGiB: sizeGiB) }
    /// Where and when the prices held.
    public static var pricesHeld: String { VolumeType.pricesHeld }
    /// True where cloudrails made it: nothing else is ever changed.
    public var isOurs: Bool { isOwn && tags[Tags.node] != nil }
    /// True where it can be launched and is known to be whole: `clean`, or `crash` where it says so itself.
    public var isGood: Bool { state == "available" && (consistency == .clean || consistency == .crash) }

    /// The files that look like a wallet and were allowed to be on it; empty where there are none.
    var allowed: String { tags[Tags.allowed] ?? "" }

    /// True where the command that made it was left before it had done all that it was asked for.
    var isUnfinished: Bool { tags[Tags.unfinished].map { !$0.isEmpty } ?? false }

    /// True when its owner does not want it used any more.
    public func isDeprecated(now: Double = Timestamp.now()) -> Bool {
        deprecated.flatMap(Timestamp.seconds).map { $0 <= now } ?? false
    }

    /// How old it is, in whole days.
    public func ageDays(now: Double = Timestamp.now()) -> Int {
        let moment = Timestamp.seconds(made.replacing("Z", with: ":00Z")) ?? now
        return max(0, Int((now - moment) / 86_400))
    }

    /// By height, then by time.
    static func isOlder(_ left: NodeImage, _ right: NodeImage) -> Bool {
        (left.height, left.made, left.id) < (right.height, right.made, right.id)
    }
}

extension Sequence<NodeImage> {
    /// The image that is furthest: the highest block wins, then the youngest. Only good ones that are not deprecated.
    /// - Parameter architecture: nil takes any.
    public func newest(of target: Target, _ architecture: Architecture? = nil) -> NodeImage? {
        filter { image in
            image.target == target.description && image.isGood && !image.isDeprecated()
                && (architecture == nil || image.architecture == architecture)
        }.max(by: NodeImage.isOlder)
    }
}

/// What snapshots cost.
enum SnapshotPrice {
    /// US dollars for a GB in a month, of the standard tier (https://aws.amazon.com/ebs/pricing/).
    private static let perGiB = 0.05

    /// At most: a snapshot holds only what was written, and what a former one of the same volume does not hold already.
    static func monthlyUSD(sizeGiB: Int) -> Double { (Double(sizeGiB) * perGiB * 100).rounded() / 100 }
}
