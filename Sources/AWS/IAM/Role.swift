internal import Foundation

/// An IAM role.
public struct Role: Sendable {
    /// Its name, unique in the account.
    public var roleName: String
    /// Its ARN.
    public var arn: String
    /// Its tags; only GetRole and CreateRole tell them.
    public var tags: [String: String]

    init(_ xml: XMLElement) throws {
        roleName = try xml.required("RoleName")
        arn = xml["Arn"] ?? ""
        tags = xml.tags
    }

    fileprivate init(planned call: CreateRole) {
        roleName = call.roleName
        arn = "arn:aws:iam::planned:role/\(call.roleName)"
        tags = Tag.dictionary(call.tags)
    }
}

/// IAM GetRole.
public struct GetRole: IAMOperation, ReadOperation {
    /// The role.
    public typealias Output = Role
    /// Its name.
    public var roleName: String

    /// Asks for this role.
    public init(roleName: String) { self.roleName = roleName }

    func encode(to form: inout QueryForm) { form.set("RoleName", roleName) }

    static func decode(_ answer: XMLElement) throws -> Role { try Role(answer.requiredChild("Role")) }
}

/// A managed policy that is attached to a role.
public struct AttachedPolicy: Sendable {
    /// Its name.
    public var policyName: String
    /// Its ARN.
    public var policyARN: String

    init(_ xml: XMLElement) throws {
        policyName = xml["PolicyName"] ?? ""
        policyARN = try xml.required("PolicyArn")
    }
}

/// IAM ListAttachedRolePolicies. IAM calls the token of a page a marker.
public struct ListAttachedRolePolicies: IAMOperation, ReadOperation, PagedOperation {
    /// Managed policies.
    public typealias Item = AttachedPolicy
    /// The role.
    public var roleName: String
    /// What the page before said.
    public var nextToken: String?

    /// Those of this role.
    public init(roleName: String) { self.roleName = roleName }

    func encode(to form: inout QueryForm) {
        form.set("RoleName", roleName)
        form.set("Marker", nextToken)
    }

    static func decode(_ answer: XMLElement) throws -> Page<AttachedPolicy> {
        Page(items: try answer.list("AttachedPolicies").map(AttachedPolicy.init), nextToken: answer["Marker"])
    }
}

/// An inline policy of a role.
public struct RolePolicy: Sendable {
    /// Its name.
    public var policyName: String
    /// What it says, JSON.
    public var policyDocument: String

    init(_ xml: XMLElement) throws {
        policyName = try xml.required("PolicyName")
        let encoded = try xml.required("PolicyDocument")
        policyDocument = encoded.removingPercentEncoding ?? encoded
    }
}

/// IAM GetRolePolicy. IAM answers with the document percent-encoded.
public struct GetRolePolicy: IAMOperation, ReadOperation {
    /// The policy.
    public typealias Output = RolePolicy
    /// The role.
    public var roleName: String
    /// The policy's name.
    public var policyName: String

    /// Asks for this policy.
    public init(roleName: String, policyName: String) {
        self.roleName = roleName
        self.policyName = policyName
    }

    func encode(to form: inout QueryForm) {
        form.set("RoleName", roleName)
        form.set("PolicyName", policyName)
    }

    static func decode(_ answer: XMLElement) throws -> RolePolicy { try RolePolicy(answer) }
}

/// IAM CreateRole. Its name is its natural key: a repeat answers `EntityAlreadyExists`.
public struct CreateRole: IAMOperation, MutatingOperation {
    /// The role.
    public typealias Output = Role
    /// The role.
    public var roleName: String
    /// Who may take it, JSON.
    public var assumeRolePolicyDocument: String
    /// What it is for.
    public var description: String
    /// Tags on it.
    public var tags: [Tag]
    /// Never repeated blindly.
    public static var repeatability: Repeatability { .never }

    /// The call from its parts.
    public init(roleName: String, assumeRolePolicyDocument: String, description: String, tags: [Tag]) {
        self.roleName = roleName
        self.assumeRolePolicyDocument = assumeRolePolicyDocument
        self.description = description
        self.tags = tags
    }

    /// What a plan shows.
    public var planned: Role { Role(planned: self) }

    func encode(to form: inout QueryForm) {
        form.set("RoleName", roleName)
        form.set("AssumeRolePolicyDocument", assumeRolePolicyDocument)
        form.set("Description", description)
        form.set(tags, at: "Tags.member")
    }

    static func decode(_ answer: XMLElement) throws -> Role {
        try Role(answer.requiredChild("Role"))
    }
}

/// IAM DeleteRole. Fails with `DeleteConflict` while it has policies or profiles.
public struct DeleteRole: IAMOperation, SilentOperation {
    /// The role.
    public var roleName: String
    /// A repeat answers `NoSuchEntity`.
    public static var repeatability: Repeatability { .always }

    /// The call from its parts.
    public init(roleName: String) {
        self.roleName = roleName
    }

    func encode(to form: inout QueryForm) {
        form.set("RoleName", roleName)
    }
}

/// IAM AttachRolePolicy.
public struct AttachRolePolicy: IAMOperation, SilentOperation {
    /// The role.
    public var roleName: String
    /// The managed policy.
    public var policyARN: String
    /// A repeat changes nothing.
    public static var repeatability: Repeatability { .always }

    /// The call from its parts.
    public init(roleName: String, policyARN: String) {
        self.roleName = roleName
        self.policyARN = policyARN
    }

    func encode(to form: inout QueryForm) {
        form.set("RoleName", roleName)
        form.set("PolicyArn", policyARN)
    }
}

/// IAM DetachRolePolicy.
public struct DetachRolePolicy: IAMOperation, SilentOperation {
    /// The role.
    public var roleName: String
    /// The managed policy.
    public var policyARN: String
    /// A repeat answers `NoSuchEntity`.
    public static var repeatability: Repeatability { .always }

    /// The call from its parts.
    public init(roleName: String, policyARN: String) {
        self.roleName = roleName
        self.policyARN = policyARN
    }

    func encode(to form: inout QueryForm) {
        form.set("RoleName", roleName)
        form.set("PolicyArn", policyARN)
    }
}

/// IAM PutRolePolicy.
public struct PutRolePolicy: IAMOperation, SilentOperation {
    /// The role.
    public var roleName: String
    /// The inline policy.
    public var policyName: String
    /// What it says, JSON.
    public var policyDocument: String
    /// A repeat changes nothing.
    public static var repeatability: Repeatability { .always }

    /// The call from its parts.
    public init(roleName: String, policyName: String, policyDocument: String) {
        self.roleName = roleName
        self.policyName = policyName
        self.policyDocument = policyDocument
    }

    func encode(to form: inout QueryForm) {
        form.set("RoleName", roleName)
        form.set("PolicyName", policyName)
        form.set("PolicyDocument", policyDocument)
    }
}

/// IAM DeleteRolePolicy.
public struct DeleteRolePolicy: IAMOperation, SilentOperation {
    /// The role.
    public var roleName: String
    /// The inline policy.
    public var policyName: String
    /// A repeat answers `NoSuchEntity`.
    public static var repeatability: Repeatability { .always }

    /// The call from its parts.
    public init(roleName: String, policyName: String) {
        self.roleName = roleName
        self.policyName = policyName
    }

    func encode(to form: inout QueryForm) {
        form.set("RoleName", roleName)
        form.set("PolicyName", policyName)
    }
}
