#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A range of IPv4 addresses, as security groups take it. The network has no IPv6.
public struct CIDR: Sendable, Hashable, CustomStringConvertible {
    /// As AWS writes it: `203.0.113.7/32`.
    public let description: String
    /// True for the range that holds every address.
    public var isEveryone: Bool { description.hasSuffix("/0") }

    /// Reads `a.b.c.d/n` or `a.b.c.d`; an address alone means that address alone.
    /// - Throws: `Problem` of kind `usage`.
    public init(_ text: String) throws {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        var address = in_addr()
        guard parts.count <= 2, inet_pton(AF_INET, parts[0], &address) == 1 else {
            throw Self.problem(text, "it is no IPv4 address")
        }
        guard let length = parts.count == 1 ? 32 : Self.prefixLength(parts[1]) else {
            throw Self.problem(text, "what follows the slash must be 0 to 32")
        }
        let hostMask: UInt32 = length == 32 ? 0 : UInt32.max >> UInt32(length)
        guard UInt32(bigEndian: address.s_addr) & hostMask == 0 else {
            throw Self.problem(text, "bits are set beyond the first \(length)")
        }
        description = "\(parts[0])/\(length)"
    }

    /// True where every address of the other range is in this one.
    public func contains(_ other: CIDR) -> Bool {
        let (mine, theirs) = (parts, other.parts)
        guard mine.length <= theirs.length else { return false }
        return mine.length == 0 || (mine.address ^ theirs.address) >> UInt32(32 - mine.length) == 0
    }

    /// The address as a number, and how many of its bits count.
    private var parts: (address: UInt32, length: Int) {
        let sides = description.split(separator: "/").map(String.init)
        var address = in_addr()
        inet_pton(AF_INET, sides[0], &address)
        return (UInt32(bigEndian: address.s_addr), Int(sides[1]) ?? 32)
    }

    private static func problem(_ text: String, _ cause: String) -> Problem {
        Problem(
            "'\(text)' is not a range of addresses", cause: cause,
            fix: "write one like 203.0.113.7/32, or 'me' for the address that you call from", kind: .usage)
    }

    private static func prefixLength(_ text: String) -> Int? {
        guard (1...2).contains(text.utf8.count), text.utf8.allSatisfy({ (48...57).contains($0) }),
            let length = Int(text), (0...32).contains(length)
        else { return nil }
        return length
    }
}
