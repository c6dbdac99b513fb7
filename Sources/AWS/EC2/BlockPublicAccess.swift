/// Whether an account may make images or snapshots public in a region, and who decided so.
public struct BlockPublicAccess: Sendable {
    /// `unblocked`, `block-new-sharing`, or for snapshots `block-all-sharing`.
    public var state: String
    /// `account`, or `declarative-policy` where the organization decides.
    public var managedBy: String
}

/// EC2 GetImageBlockPublicAccessState.
public struct GetImageBlockPublicAccessState: EC2Operation, ReadOperation {
    /// What the account has set.
    public typealias Output = BlockPublicAccess

    /// Asks for this region.
    public init() {}

    func encode(to form: inout QueryForm) {}

    static func decode(_ answer: XMLElement) throws -> BlockPublicAccess {
        BlockPublicAccess(
            state: try answer.required("imageBlockPublicAccessState"), managedBy: answer["managedBy"] ?? "")
    }
}

/// EC2 GetSnapshotBlockPublicAccessState.
public struct GetSnapshotBlockPublicAccessState: EC2Operation, ReadOperation {
    /// What the account has set.
    public typealias Output = BlockPublicAccess

    /// Asks for this region.
    public init() {}

    func encode(to form: inout QueryForm) {}

    static func decode(_ answer: XMLElement) throws -> BlockPublicAccess {
        BlockPublicAccess(state: try answer.required("state"), managedBy: answer["managedBy"] ?? "")
    }
}
