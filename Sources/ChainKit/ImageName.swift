/// An image's name: all that a stranger needs to know, as tags are not shown to accounts that an image is shared with.
///
///     cloudrails/ethereum.org/geth-mainnet/h000019000000/1.17.5/20261124T1000Z-arm64
///     cloudrails/ethereum.org/geth-mainnet/h000019000000/1.17.5/20261124T1000Z-arm64@before-the-fork
public struct ImageName: Hashable, Sendable, CustomStringConvertible {
    /// What the image runs.
    public var target: Target
    /// The height of the last block on it.
    public var height: Int
    /// The client's version.
    public var version: String
    /// When it was made, UTC, `20261124T1000Z`.
    public var made: String
    /// The architecture.
    public var architecture: Architecture
    /// A word of the maker's own; nil where none was given.
    public var suffix: String?

    /// A name from its parts; nil where a part cannot stand in the name of an image (3 to 128 letters, digits and
    /// `()[] ./-'@_`: EC2 CreateImage).
    public init?(
        target: Target, height: Int, version: String, made: String, architecture: Architecture, suffix: String? = nil
    ) {
        let words = [target.id, target.node, version] + (suffix.map { [$0] } ?? [])
        guard words.allSatisfy(Self.isWord), Self.isTimestamp(made), (0...999_999_999_999).contains(height)
        else { return nil }
        self.target = target
        self.height = height
        self.version = version
        self.made = made
        self.architecture = architecture
        self.suffix = suffix
        guard description.utf8.count <= 128 else { return nil }
    }

    /// The name.
    public var description: String {
        let digits = String(height)
        let padded = String(repeating: "0", count: max(0, 12 - digits.count)) + digits
        return "cloudrails/\(target.id)/\(target.node)/h\(padded)/\(version)/\(made)-\(architecture.rawValue)"
            + (suffix.map { "@\($0)" } ?? "")
    }

    /// Reads a name back; nil for any other text.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 6, parts[0] == "cloudrails", parts[3].utf8.count == 13, parts[3].hasPrefix("h"),
            let height = Self.number(parts[3].dropFirst())
        else { return nil }
        let end = parts[5].split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
        let making = end[0].split(separator: "-", maxSplits: 1).map(String.init)
        guard making.count == 2, let architecture = Architecture(rawValue: making[1]) else { return nil }
        self.init(
            target: Target(id: parts[1], node: parts[2]), height: height, version: parts[4], made: making[0],
            architecture: architecture, suffix: end.count > 1 ? String(end[1]) : nil)
    }

    /// True where a word can be a suffix: letters, digits and `.-_`.
    public static func isSuffix(_ text: String) -> Bool { isWord(text) }

    /// The version that stands for programs as `ChainProfile.clients` lists them: the first one's. What cannot stand in a name
    /// is written `_`.
    public static func version(of clients: String) -> String {
        let word = clients.prefix { $0 != "," }.split(separator: " ").last ?? "0"
        return String(decoding: word.utf8.map { isWord($0) ? $0 : UInt8(ascii: "_") }, as: UTF8.self)
    }

    /// `20261124T1000Z`, from `2026-11-24T10:00:05Z`; nil for what is no such time.
    public static func made(at time: String) -> String? {
        let digits = time.prefix(16).filter { $0 != "-" && $0 != ":" }
        return isTimestamp("\(digits)Z") ? "\(digits)Z" : nil
    }

    private static func number(_ text: Substring) -> Int? {
        text.utf8.allSatisfy(isDigit) ? Int(text) : nil
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    private static func isWord(_ text: String) -> Bool { !text.isEmpty && text.utf8.allSatisfy(isWord) }

    private static func isWord(_ byte: UInt8) -> Bool {
        isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
            || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) || [0x2D, 0x2E, 0x5F].contains(byte)
    }

    private static func isTimestamp(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        return bytes.count == 14 && bytes[8] == UInt8(ascii: "T") && bytes[13] == UInt8(ascii: "Z")
            && bytes.indices.allSatisfy { $0 == 8 || $0 == 13 || isDigit(bytes[$0]) }
    }
}

extension ChainProfile {
    /// The name of an image of this target.
    public func imageName(height: Int, made: String, architecture: Architecture) -> ImageName? {
        ImageName(
            target: target, height: height, version: releases.first?.version ?? "0", made: made,
            architecture: architecture)
    }
}
