import Foundation

/// A value as JSON: structures by their stored properties, with the type's name under `$type` and the names of those that may
/// be left out under `$optional`; bytes in base64.
func plain(_ value: Any) -> Any {
    switch value {
    case let text as String: return text
    case let number as Int: return number
    case let truth as Bool: return truth
    case let raw as any RawRepresentable: return plain(raw.rawValue)
    default: break
    }
    // A cast would take any empty array for bytes.
    if type(of: value) == [UInt8].self, let bytes = value as? [UInt8] { return Data(bytes).base64EncodedString() }
    let mirror = Mirror(reflecting: value)
    switch mirror.displayStyle {
    case .optional: return mirror.children.first.map { plain($0.value) } ?? NSNull()
    case .collection: return mirror.children.map { plain($0.value) }
    case .dictionary:
        return mirror.children.map { plain(pair: $0.value) }.sorted { "\($0["key"] ?? "")" < "\($1["key"] ?? "")" }
    default: return plain(structure: mirror)
    }
}

/// A key and its value, which a mirror shows as a tuple.
private func plain(pair: Any) -> [String: Any] {
    Dictionary(uniqueKeysWithValues: Mirror(reflecting: pair).children.map { ($0.label ?? "", plain($0.value)) })
}

private func plain(structure mirror: Mirror) -> Any {
    var result: [String: Any] = ["$type": String(describing: mirror.subjectType)]
    for case (let name?, let value) in mirror.children { result[name] = plain(value) }
    result["$optional"] = mirror.children.filter { Mirror(reflecting: $0.value).displayStyle == .optional }.map(\.label)
    return result
}
