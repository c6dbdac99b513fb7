/// Temporary keys, as STS hands them out.
public struct TemporaryCredentials: Sendable {
    /// `ASIA…`.
    public var accessKeyID: String
    /// The secret; never printed.
    public var secretAccessKey: String
    /// Sent with every call.
    public var sessionToken: String
    /// When they end, ISO 8601.
    public var expiration: String

    init(_ answer: XMLElement) throws {
        let xml = try answer.requiredChild("Credentials")
        accessKeyID = try xml.required("AccessKeyId")
        secretAccessKey = try xml.required("SecretAccessKey")
        sessionToken = try xml.required("SessionToken")
        expiration = try xml.required("Expiration")
    }
}

/// STS AssumeRole.
public struct AssumeRole: STSOperation, ReadOperation {
    /// Temporary keys.
    public typealias Output = TemporaryCredentials
    /// The role.
    public var roleARN: String
    /// What CloudTrail shows.
    public var roleSessionName: String
    /// 900 to 43,200.
    public var durationSeconds: Int?
    /// What the role's trust policy may want.
    public var externalID: String?
    /// The MFA device's ARN or serial number.
    public var serialNumber: String?
    /// The device's six digits.
    public var tokenCode: String?

    /// Takes this role.
    public init(
        roleARN: String, roleSessionName: String, durationSeconds: Int? = nil, externalID: String? = nil,
        serialNumber: String? = nil, tokenCode: String? = nil
    ) {
        self.roleARN = roleARN
        self.roleSessionName = roleSessionName
        self.durationSeconds = durationSeconds
        self.externalID = externalID
        self.serialNumber = serialNumber
        self.tokenCode = tokenCode
    }

    func encode(to form: inout QueryForm) {
        form.set("RoleArn", roleARN)
        form.set("RoleSessionName", roleSessionName)
        form.set("DurationSeconds", durationSeconds)
        form.set("ExternalId", externalID)
        form.set("SerialNumber", serialNumber)
        form.set("TokenCode", tokenCode)
    }

    static func decode(_ answer: XMLElement) throws -> TemporaryCredentials { try TemporaryCredentials(answer) }
}

/// STS AssumeRoleWithWebIdentity. The token stands for the keys: the call goes out unsigned.
public struct AssumeRoleWithWebIdentity: STSOperation, ReadOperation {
    /// Temporary keys.
    public typealias Output = TemporaryCredentials
    /// The role.
    public var roleARN: String
    /// What CloudTrail shows.
    public var roleSessionName: String
    /// The identity provider's token; a secret.
    public var webIdentityToken: String
    /// The token is the proof.
    public static var isSigned: Bool { false }

    /// Takes this role.
    public init(roleARN: String, roleSessionName: String, webIdentityToken: String) {
        self.roleARN = roleARN
        self.roleSessionName = roleSessionName
        self.webIdentityToken = webIdentityToken
    }

    func encode(to form: inout QueryForm) {
        form.set("RoleArn", roleARN)
        form.set("RoleSessionName", roleSessionName)
        form.set("WebIdentityToken", webIdentityToken)
    }

    static func decode(_ answer: XMLElement) throws -> TemporaryCredentials { try TemporaryCredentials(answer) }
}
