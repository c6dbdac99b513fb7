/// An image's description: what its name has no place for, told to accounts that do not see its tags.
///
///     cloudrails litecoin.org/mainnet height=2900000 hash=00ab client=litecoin-core 0.21.5.6 consistency=clean
public struct ImageDescription: Hashable, Sendable, CustomStringConvertible {
    /// How the data was when the image was made.
    public enum Consistency: String, Sendable, CaseIterable {
        /// No client was writing.
        case clean
        /// As after a power cut: a client was writing.
        case crash
    }

    /// What the image runs.
    public var target: Target
    /// The height of the last block on it.
    public var height: Int
    /// That block's hash; empty where the client tells none.
    public var hash: String
    /// The programs with their versions, parted by commas.
    public var clients: String
    /// How the data is.
    public var consistency: Consistency

    /// EC2 takes no more characters.
    static let mostCharacters = 255

    /// A description from its parts; nil where it would be too long, or a part cannot stand in it: ASCII, and one word for
    /// the hash.
    public init?(target: Target, height: Int, hash: String, clients: String, consistency: Consistency) {
        let words = [target.id, target.node, hash]
        guard height >= 0, !target.id.isEmpty, !target.node.isEmpty, !"\(target.id)\(target.node)".contains("/"),
            !clients.isEmpty,
            words.allSatisfy({ $0.utf8.allSatisfy { (0x21...0x7E).contains($0) } }),
            clients.utf8.allSatisfy({ (0x20...0x7E).contains($0) })
        else { return nil }
        self.target = target
        self.height = height
        self.hash = hash
        self.clients = clients
        self.consistency = consistency
        guard description.utf8.count <= Self.mostCharacters else { return nil }
    }

    /// The description.
    public var description: String {
        "cloudrails \(target) height=\(height) hash=\(hash) client=\(clients) consistency=\(consistency.rawValue)"
    }

    /// Reads a description back; nil for any other text.
    public init?(_ text: String) {
        let words = text.split(separator: " ", maxSplits: 4, omittingEmptySubsequences: false)
        guard words.count == 5, let target = Target(String(words[1])),
            let height = Self.value(words[2], of: "height").flatMap({ Int($0) }),
            let hash = Self.value(words[3], of: "hash"), let rest = Self.value(words[4], of: "client"),
            let last = rest.lastIndex(of: " "), let word = Self.value(rest[last...].dropFirst(), of: "consistency"),
            let consistency = Consistency(rawValue: String(word))
        else { return nil }
        self.init(
            target: target, height: height, hash: String(hash), clients: String(rest[..<last]),
            consistency: consistency)
        // Such as `height=007`, or another first word.
        guard description == text else { return nil }
    }

    /// What stands behind `name=`.
    private static func value(_ word: Substring, of name: String) -> Substring? {
        word.hasPrefix("\(name)=") ? word.dropFirst(name.count + 1) : nil
    }
}
