import Foundation
import HTTP

/// What a profile says about IAM Identity Center.
struct SSOProfile: Sendable, Equatable {
    var accountID: String
    var roleName: String
    var region: String
    var startURL: String
    /// The name of the `[sso-session]`; nil for the older form, where all stands in the profile.
    var session: String?
    /// The profile's name.
    var profile: String

    /// What the cached token's file is named after.
    var cacheName: String { session ?? startURL }

    /// What to type to sign in.
    var login: String {
        "aws sso login " + (session.map { "--sso-session \($0)" } ?? "--profile \(profile)")
    }
}

extension CredentialChain {
    /// The keys that IAM Identity Center gives out for the profile's account and role
    /// (https://docs.aws.amazon.com/sdkref/latest/guide/feature-sso-credentials.html).
    func fromSSO(_ profile: Profile) async throws -> Finding {
        guard let sso = try ssoProfile(profile) else { return .absent(nil) }
        let token = try await ssoToken(sso)
        let response = try await context.http.send(roleRequest(sso, token: token))
        if response.status == 401 { throw signIn(sso, "the sign-in of profile \(sso.profile) is no longer accepted") }
        guard response.status == 200, let keys = RoleKeys(response.body) else {
            throw ConfigurationError(
                "IAM Identity Center gives out no keys for role \(sso.roleName) in account \(sso.accountID): "
                    + "status \(response.status)",
                fix:
                    "check sso_account_id and sso_role_name of profile \(sso.profile), and that you were given this role",
                exitClass: .credentials)
        }
        return .found(keys.credentials(sso))
    }

    /// Nil for a profile that does not use IAM Identity Center.
    func ssoProfile(_ profile: Profile) throws -> SSOProfile? {
        guard let some = profile["sso_account_id"] ?? profile["sso_role_name"] else { return nil }
        let session = profile["sso_session"]
        let section = try session.map { try ssoSession($0, profile) }
        func value(_ key: String) throws -> String {
            let (own, shared) = (profile[key], section?[key])
            if let own, let shared, own.text != shared.text {
                throw invalid(
                    own, "\(key) differs between profile \(profile.name) and its sso-session (\(shared.place))",
                    fix: "delete it from the profile")
            }
            if let value = shared ?? own, !value.text.isEmpty { return value.text }
            throw invalid(
                some, "profile \(profile.name) uses IAM Identity Center, and \(key) is missing",
                fix: "aws configure sso --profile \(profile.name)")
        }
        let region = try value("sso_region")
        guard Region.isValid(region) else {
            throw invalid(
                some, "sso_region of profile \(profile.name) is \"\(region)\"", fix: "write it like us-east-1")
        }
        return SSOProfile(
            accountID: try value("sso_account_id"), roleName: try value("sso_role_name"), region: region,
            startURL: try value("sso_start_url"), session: session?.text, profile: profile.name)
    }

    /// The error for a sign-in that is missing or over.
    func signIn(_ sso: SSOProfile, _ summary: String) -> ConfigurationError {
        ConfigurationError(summary, fix: sso.login, exitClass: .credentials)
    }

    func ssoURL(_ service: EndpointService, _ sso: SSOProfile) -> String {
        settings.signInEndpoints[service] ?? settings.url(of: service, region: sso.region)
    }

    private func ssoSession(_ name: SharedConfig.Setting, _ profile: Profile) throws -> SharedConfig.Settings {
        if let section = settings.shared.ssoSessions[name.text] { return section }
        throw invalid(
            name, "profile \(profile.name) names the sso-session \"\(name.text)\", and there is none",
            fix: "aws configure sso --profile \(profile.name)")
    }

    private func roleRequest(_ sso: SSOProfile, token: String) -> HTTPRequest {
        let query = [("account_id", sso.accountID), ("role_name", sso.roleName)].map { "\($0)=\(escaped($1))" }
        return HTTPRequest(
            .get, "\(ssoURL(.sso, sso))/federation/credentials?\(query.joined(separator: "&"))",
            headers: [("x-amz-sso_bearer_token", token)], timeouts: .init(connect: 5, total: 20))
    }

    private func escaped(_ text: String) -> String {
        let unreserved = CharacterSet(
            charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
        return text.addingPercentEncoding(withAllowedCharacters: unreserved) ?? ""
    }
}

/// The answer of `GetRoleCredentials`.
private struct RoleKeys: Decodable {
    private struct Keys: Decodable {
        var accessKeyId: String
        var secretAccessKey: String
        var sessionToken: String
        /// Milliseconds since 1970.
        var expiration: Double
    }

    private var roleCredentials: Keys

    init?(_ body: [UInt8]) {
        guard let keys = try? JSONDecoder().decode(RoleKeys.self, from: Data(body)) else { return nil }
        self = keys
    }

    func credentials(_ sso: SSOProfile) -> Credentials {
        Credentials(
            accessKeyID: roleCredentials.accessKeyId, secretAccessKey: roleCredentials.secretAccessKey,
            sessionToken: roleCredentials.sessionToken, expiration: roleCredentials.expiration / 1000,
            source: "profile \(sso.profile) (IAM Identity Center)", renewal: sso.login)
    }
}
