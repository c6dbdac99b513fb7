import HTTP

/// The Security Token Service itself, in the settings' region.
struct SecurityTokenService: TokenService {
    let settings: Settings
    let http: HTTPClient

    func assumeRole(_ request: RoleRequest, with credentials: Credentials) async throws -> IssuedKeys {
        try await issue(
            AssumeRole(
                roleARN: request.roleARN, roleSessionName: request.sessionName,
                durationSeconds: request.durationSeconds, externalID: request.externalID,
                serialNumber: request.mfa?.serialNumber, tokenCode: request.mfa?.code), credentials)
    }

    func assumeRole(_ request: RoleRequest, webIdentityToken: String) async throws -> IssuedKeys {
        try await issue(
            AssumeRoleWithWebIdentity(
                roleARN: request.roleARN, roleSessionName: request.sessionName, webIdentityToken: webIdentityToken),
            nil)
    }

    private func issue<Operation: AWSOperation>(
        _ operation: Operation, _ credentials: Credentials?
    ) async throws -> IssuedKeys where Operation.Output == TemporaryCredentials {
        let client = AWSClient(settings: settings, credentials: FixedCredentials(value: credentials), http: http)
        return try await IssuedKeys(client.call(operation))
    }
}

/// Keys that are there already; none where the call goes out unsigned.
private struct FixedCredentials: CredentialProviding {
    let value: Credentials?

    func credentials() async throws -> Credentials {
        guard let value else { throw ConfigurationError("there are no keys yet", exitClass: .credentials) }
        return value
    }
}

extension IssuedKeys {
    fileprivate init(_ keys: TemporaryCredentials) throws {
        guard let expiration = Timestamp.seconds(keys.expiration) else {
            throw ConfigurationError("STS says no readable time at which the keys end", exitClass: .credentials)
        }
        self.init(
            accessKeyID: keys.accessKeyID, secretAccessKey: keys.secretAccessKey, sessionToken: keys.sessionToken,
            expiration: expiration)
    }
}
