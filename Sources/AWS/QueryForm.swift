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

    /// Sets a number.
    mutating func set(_ name: String, _ value: Int?) { set(name, value.map(String.init)) }

    /// Sets a truth value.
    mutating func set(_ name: String, _ value: Bool?) { set(name, value.map { $0 ? "true" : "false" }) }

    /// Sets an id.
    mutating func set<Resource>(_ name: String, _ value: ResourceID<Resource>?) { set(name, value?.rawValue) }

    /// Sets a list of scalars: `Name.1`, `Name.2`.
    mutating func set(list name: String, _ values: [String]) {
        for (index, value) in values.enumerated() { set("\(name).\(index + 1)", value) }
    }

    /// Sets a list of ids.
    mutating func set<Resource>(list name: String, _ values: [ResourceID<Resource>]) {
        set(list: name, values.map(\.rawValue))
    }

    /// Sets `Filter.1.Name`, `Filter.1.Value.1`, …
    mutating func set(_ filters: [Filter]) {
        for (index, filter) in filters.enumerated() {
            set("Filter.\(index + 1).Name", filter.name)
            set(list: "Filter.\(index + 1).Value", filter.values)
        }
    }

    /// Sets `<prefix>.1.Key`, `<prefix>.1.Value`, …
    mutating func set(_ tags: [Tag], at prefix: String) {
        for (index, tag) in tags.enumerated() {
            set("\(prefix).\(index + 1).Key", tag.key)
            set("\(prefix).\(index + 1).Value", tag.value)
        }
    }

    /// Sets EC2's tags for a thing that the call makes.
    mutating func set(_ tags: [Tag], on resourceTypes: String...) {
        guard !tags.isEmpty else { return }
        for (index, type) in resourceTypes.enumerated() {
            set("TagSpecification.\(index + 1).ResourceType", type)
            set(tags, at: "TagSpecification.\(index + 1).Tag")
        }
    }

    /// The body: RFC 3986 percent-encoding, action and version first.
    func encoded(action: String, version: String) -> [UInt8] {
        var bytes = Array("Action=\(action)&Version=\(version)".utf8)
        for pair in pairs {
            bytes.append(UInt8(ascii: "&"))
            Self.append(pair.name, to: &bytes)
            bytes.append(UInt8(ascii: "="))
            Self.append(pair.value, to: &bytes)
        }
        return bytes
    }

    private static let hex = Array("0123456789ABCDEF".utf8)

    private static func append(_ text: String, to bytes: inout [UInt8]) {
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                bytes.append(byte)
            default:
                bytes += [UInt8(ascii: "%"), hex[Int(byte >> 4)], hex[Int(byte & 15)]]
            }
        }
    }
}
