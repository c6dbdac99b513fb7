import AWS

/// What a node last wrote about itself into its tag `cloudrails:status`:
/// `state=syncing height=812000 target=910000 disk=61 at=2026-11-24T10:05Z reason=…`.
public struct NodeStatus: Sendable, Codable {
    /// `installing`, `starting`, `sealed`, `stopped`, `syncing`, `synced`, `stalled`, `failed`; a newer node may know more.
    public var state: String
    /// The last block that it has; nil where it does not know yet.
    public var height: Int?
    /// The last block of its network, as far as it knows.
    public var target: Int?
    /// Blocks that it lacks.
    public var lag: Int?
    /// How full its data volume is, per cent.
    public var disk: Int?
    /// When it wrote this, ISO 8601.
    public var at: String?
    /// Why, where something is wrong.
    public var reason: String?
    /// True when it should have written again long ago, as it does every five minutes.
    public var isStale: Bool

    /// What was not written for so long is no news: three reports are missing. Seconds.
    static let staleAfter = 900.0

    /// Reads a tag's value; nil where it tells no state.
    /// - Parameter now: seconds since 1970.
    init?(_ tag: String, now: Double = Timestamp.now()) {
        let (pairs, reason) = Self.pairs(tag)
        guard let state = pairs["state"], !state.isEmpty else { return nil }
        self.state = state
        self.reason = reason
        // A node that does not know its network yet writes zeros.
        let (own, network) = (pairs["height"].flatMap { Int($0) }, pairs["target"].flatMap { Int($0) })
        if let own, let network, network > 0 {
            (height, target, lag) = (own, network, max(0, network - own))
        }
        disk = pairs["disk"].flatMap { Int($0) }
        at = pairs["at"]
        let written = at.flatMap(Self.seconds)
        isStale = written.map { now - $0 > Self.staleAfter } ?? true
    }

    /// The reason is the last pair, and may hold spaces.
    private static func pairs(_ tag: String) -> ([String: String], reason: String?) {
        let parts = tag.split(separator: "reason=", maxSplits: 1, omittingEmptySubsequences: false)
        var pairs: [String: String] = [:]
        for word in parts[0].split(separator: " ") {
            let sides = word.split(separator: "=", maxSplits: 1).map(String.init)
            if sides.count == 2 { pairs[sides[0]] = sides[1] }
        }
        return (pairs, parts.count > 1 && !parts[1].isEmpty ? String(parts[1]) : nil)
    }

    /// The node writes whole minutes: `2026-11-24T10:05Z`.
    static func seconds(_ text: String) -> Double? {
        let hasSeconds = text.count { $0 == ":" } == 2
        return Timestamp.seconds(hasSeconds || !text.hasSuffix("Z") ? text : text.dropLast() + ":00Z")
    }
}
