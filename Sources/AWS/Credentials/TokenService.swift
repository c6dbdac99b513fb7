/// What is asked of the Security Token Service for a role.
struct RoleRequest: Sendable, Equatable {
    var roleARN: String
    var sessionName: String
    var durationSeconds: Int?
    var externalID: String?
    /// The MFA device's serial number and the code it shows.
    var mfa: MFACode?

    struct MFACode: Sendable, Equatable {
        var serialNumber: String
        var code: String
    }
}

/// A role's keys as the Security Token Service gives them out.
struct IssuedKeys: Sendable, Equatable {
    var accessKeyID: String
    var secretAccessKey: String
    var sessionToken: String
    /// Seconds since 1970.
    var expiration: Double
}

/// Hands out the keys of roles.
protocol TokenService: Sendable {
    /// `AssumeRole`, signed with the keys of another identity.
    func assumeRole(_ request: RoleRequest, with credentials: Credentials) async throws -> IssuedKeys
    /// `AssumeRoleWithWebIdentity`, which is not signed.
    func assumeRole(_ request: RoleRequest, webIdentityToken: String) async throws -> IssuedKeys
}
