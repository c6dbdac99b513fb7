/// A form body of the EC2 and query protocols: names with their values, in the order they were set.
public struct QueryForm: Sendable {
    /// Names and values, not yet percent-encoded.
    public private(set) var pairs: [(name: String, value: String)] = []

    /// An empty form.
    public init() {}

    /// Sets a scalar; nil leaves the parameter out.
    public mutating func set(_ name: String, _ value: String?) {
        guard let value else { return }
        pairs.append((name, value))
    }
}
