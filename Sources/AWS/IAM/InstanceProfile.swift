/// An instance profile: what hands a role to an instance.
public struct InstanceProfile: Sendable {
    /// Its name, unique in the account.
    public var instanceProfileName: String
    /// Its ARN.
    public var arn: String
    /// The role in it: none or one.
    public var roles: [Role]
    /// Its tags.
    public var tags: [String: String]

    init(_ xml: XMLElement) throws {
        instanceProfileName = try xml.required("InstanceProfileName")
        arn = xml["Arn"] ?? ""
        roles = try xml.list("Roles").map(Role.init)
        tags = xml.tags
    }

    fileprivate init(planned call: CreateInstanceProfile) {
        instanceProfileName = call.instanceProfileName
        arn = "arn:aws:iam::planned:instance-profile/\(call.instanceProfileName)"
        roles = []
        tags = Tag.dictionary(call.tags)
    }
}

/// IAM GetInstanceProfile.
public struct GetInstanceProfile: IAMOperation, ReadOperation {
    /// The profile.
    public typealias Output = InstanceProfile
    /// Its name.
    public var instanceProfileName: String

    /// Asks for this profile.
    public init(instanceProfileName: String) { self.instanceProfileName = instanceProfileName }

    func encode(to form: inout QueryForm) { form.set("InstanceProfileName", instanceProfileName) }

    static func decode(_ answer: XMLElement) throws -> InstanceProfile {
        try InstanceProfile(answer.requiredChild("InstanceProfile"))
    }
}

/// IAM CreateInstanceProfile. Its name is its natural key: a repeat answers `EntityAlreadyExists`.
public struct CreateInstanceProfile: IAMOperation, MutatingOperation {
    /// The profile, without a role.
    public typealias Output = InstanceProfile
    /// The instance profile.
    public var instanceProfileName: String
    /// Tags on it.
    public var tags: [Tag]
    /// Never repeated blindly.
    public static var repeatability: Repeatability { .never }

    /// The call from its parts.
    public init(instanceProfileName: String, tags: [Tag]) {
        self.instanceProfileName = instanceProfileName
        self.tags = tags
    }

    /// What a plan shows.
    public var planned: InstanceProfile { InstanceProfile(planned: self) }

    func encode(to form: inout QueryForm) {
        form.set("InstanceProfileName", instanceProfileName)
        form.set(tags, at: "Tags.member")
    }

    static func decode(_ answer: XMLElement) throws -> InstanceProfile {
        try InstanceProfile(answer.requiredChild("InstanceProfile"))
    }
}

/// IAM AddRoleToInstanceProfile.
public struct AddRoleToInstanceProfile: IAMOperation, SilentOperation {
    /// The instance profile.
    public var instanceProfileName: String
    /// The role.
    public var roleName: String
    /// A repeat answers `LimitExceeded`: a profile holds one role.
    public static var repeatability: Repeatability { .always }

    /// The call from its parts.
    public init(instanceProfileName: String, roleName: String) {
        self.instanceProfileName = instanceProfileName
        self.roleName = roleName
    }

    func encode(to form: inout QueryForm) {
        form.set("InstanceProfileName", instanceProfileName)
        form.set("RoleName", roleName)
    }
}

/// IAM RemoveRoleFromInstanceProfile.
public struct RemoveRoleFromInstanceProfile: IAMOperation, SilentOperation {
    /// The instance profile.
    public var instanceProfileName: String
    /// The role.
    public var roleName: String
    /// A repeat answers `NoSuchEntity`.
    public static var repeatability: Repeatability { .always }

    /// The call from its parts.
    public init(instanceProfileName: String, roleName: String) {
        self.instanceProfileName = instanceProfileName
        self.roleName = roleName
    }

    func encode(to form: inout QueryForm) {
        form.set("InstanceProfileName", instanceProfileName)
        form.set("RoleName", roleName)
    }
}

/// IAM DeleteInstanceProfile. Fails with `DeleteConflict` while it holds a role.
public struct DeleteInstanceProfile: IAMOperation, SilentOperation {
    /// The instance profile.
    public var instanceProfileName: String
    /// A repeat answers `NoSuchEntity`.
    public static var repeatability: Repeatability { .always }

    /// The call from its parts.
    public init(instanceProfileName: String) {
        self.instanceProfileName = instanceProfileName
    }

    func encode(to form: inout QueryForm) {
        form.set("InstanceProfileName", instanceProfileName)
    }
}
