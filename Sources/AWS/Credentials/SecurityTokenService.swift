import HTTP

/// The Security Token Service itself.
struct SecurityTokenService: TokenService {
    let settings: Settings
    let http: HTTPClient

    func assumeRole(_ request: RoleRequest, with credentials: Credentials) async throws -> IssuedKeys {
        throw ConfigurationError("roles cannot be taken in this build", exitClass: .credentials)
    }

    func assumeRole(_ request: RoleRequest, webIdentityToken: String) async throws -> IssuedKeys {
        throw ConfigurationError("roles cannot be taken in this build", exitClass: .credentials)
    }
}
