/// EC2 DescribeImageAttribute, of the launch permission: who may launch an image besides its owner.
public struct DescribeImageAttribute: EC2Operation, ReadOperation {
    /// Who may.
    public typealias Output = [AccessPermission]
    /// The image.
    public var imageID: ImageID

    /// Asks for this image.
    public init(imageID: ImageID) { self.imageID = imageID }

    func encode(to form: inout QueryForm) {
        form.set("ImageId", imageID)
        form.set("Attribute", "launchPermission")
    }

    static func decode(_ answer: XMLElement) throws -> [AccessPermission] {
        answer.list("launchPermission").map(AccessPermission.init)
    }
}

/// EC2 ModifyImageAttribute, of the launch permission. The snapshots have a permission of their own.
public struct ModifyImageAttribute: EC2Operation, SilentOperation, DryRunnable {
    /// The image.
    public var imageID: ImageID
    /// Gives or takes.
    public var operationType: AccessOperation
    /// Accounts.
    public var userIDs: [String]
    /// `all` for everybody.
    public var userGroups: [String]
    /// True asks for permission only.
    public var dryRun = false
    /// A repeat changes nothing.
    public static var repeatability: Repeatability { .always }

    /// The call from its parts.
    public init(
        imageID: ImageID, operationType: AccessOperation, userIDs: [String] = [], userGroups: [String] = []
    ) {
        self.imageID = imageID
        self.operationType = operationType
        self.userIDs = userIDs
        self.userGroups = userGroups
    }

    func encode(to form: inout QueryForm) {
        form.set("ImageId", imageID)
        form.set("Attribute", "launchPermission")
        form.set("OperationType", operationType.rawValue)
        form.set(list: "UserId", userIDs)
        form.set(list: "UserGroup", userGroups)
        form.setDryRun(dryRun)
    }
}
