/// An id that AWS gave to a resource. The phantom type keeps a VPC's id from being passed for a subnet's.
public struct ResourceID<Resource>: RawRepresentable, Hashable, Sendable, CustomStringConvertible,
    ExpressibleByStringLiteral
{
    /// The id as AWS writes it.
    public let rawValue: String
    /// An id as AWS writes it.
    public init(rawValue: String) { self.rawValue = rawValue }
    /// An id in a literal.
    public init(stringLiteral value: String) { rawValue = value }
    /// The id as AWS writes it.
    public var description: String { rawValue }
}
