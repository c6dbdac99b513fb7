/// Who may use an image or a snapshot besides its owner: one account, or everybody.
public struct AccessPermission: Sendable, Hashable {
    /// An account's id.
    public var userID: String?
    /// `all`.
    public var group: String?

    init(_ xml: XMLElement) {
        userID = xml["userId"]
        group = xml["group"]
    }
}

/// Whether a call gives access or takes it.
public enum AccessOperation: String, Sendable {
    case add, remove
}
