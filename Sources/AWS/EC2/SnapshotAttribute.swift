/// EC2 DescribeSnapshotAttribute, of the permission to make volumes: who may use a snapshot besides its owner.
public struct DescribeSnapshotAttribute: EC2Operation, ReadOperation {
    /// Who may.
    public typealias Output = [AccessPermission]
    /// The snapshot.
    public var snapshotID: SnapshotID

    /// Asks for this snapshot.
    public init(snapshotID: SnapshotID) { self.snapshotID = snapshotID }

    func encode(to form: inout QueryForm) {
        form.set("SnapshotId", snapshotID)
        form.set("Attribute", "createVolumePermission")
    }

    static func decode(_ answer: XMLElement) throws -> [AccessPermission] {
        answer.list("createVolumePermission").map(AccessPermission.init)
    }
}

/// EC2 ModifySnapshotAttribute, of the permission to make volumes.
public struct ModifySnapshotAttribute: EC2Operation, SilentOperation, DryRunnable {
    /// The snapshot.
    public var snapshotID: SnapshotID
    /// Gives or takes.
    public var operationType: AccessOperation
    /// Accounts.
    public var userIDs: [String]
    /// `all` for everybody.
    public var groupNames: [String]
    /// True asks for permission only.
    public var dryRun = false
    /// A repeat changes nothing.
    public static var repeatability: Repeatability { .always }

    /// The call from its parts.
    public init(
        snapshotID: SnapshotID, operationType: AccessOperation, userIDs: [String] = [], groupNames: [String] = []
    ) {
        self.snapshotID = snapshotID
        self.operationType = operationType
        self.userIDs = userIDs
        self.groupNames = groupNames
    }

    func encode(to form: inout QueryForm) {
        form.set("SnapshotId", snapshotID)
        form.set("Attribute", "createVolumePermission")
        form.set("OperationType", operationType.rawValue)
        form.set(list: "UserId", userIDs)
        form.set(list: "UserGroup", groupNames)
        form.setDryRun(dryRun)
    }
}
