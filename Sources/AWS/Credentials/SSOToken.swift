import Foundation
import HTTP

/// The token of a sign-in, as `aws sso login` leaves it in `~/.aws/sso/cache`.
struct SSOToken: Codable {
    var startUrl: String?
    var region: String?
    var accessToken: String
    var expiresAt: String
    var clientId: String?
    var clientSecret: String?
    var registrationExpiresAt: String?
    var refreshToken: String?
}

extension CredentialChain {
    /// A token that still holds: the cached one, or a new one got with its refresh token.
    func ssoToken(_ sso: SSOProfile) async throws -> String {
        let path = "\(context.home)/.aws/sso/cache/\(Self.cacheFile(sso.cacheName))"
        guard let bytes = try Files.read(path) else {
            throw signIn(sso, "profile \(sso.profile) is not signed in to IAM Identity Center")
        }
        guard let token = try? JSONDecoder().decode(SSOToken.self, from: Data(bytes)),
            let end = Timestamp.seconds(token.expiresAt)
        else { throw signIn(sso, "the cached sign-in of profile \(sso.profile) cannot be read (\(path))") }
        let remaining = end - context.now()
        // Only the newer form of profile comes with a refresh token (botocore/tokens.py, SSOTokenProvider).
        if remaining < 15 * 60, sso.session != nil, let fresh = try await refreshed(token, sso) {
            save(fresh, path)
            return fresh.accessToken
        }
        guard remaining > 0 else { throw signIn(sso, "the sign-in of profile \(sso.profile) has expired") }
        return token.accessToken
    }

    /// The name of a cached token's file, as AWS's tools make it.
    static func cacheFile(_ name: String) -> String { "\(Digest.hex(Digest.sha1([UInt8](name.utf8)))).json" }

    /// Nil where the token cannot be refreshed, or the service does not want to.
    private func refreshed(_ token: SSOToken, _ sso: SSOProfile) async throws -> SSOToken? {
        guard let refreshToken = token.refreshToken, let id = token.clientId, let secret = token.clientSecret,
            let registration = token.registrationExpiresAt.flatMap(Timestamp.seconds), registration > context.now()
        else { return nil }
        let question = [
            "grantType": "refresh_token", "refreshToken": refreshToken, "clientId": id, "clientSecret": secret,
        ]
        let request = HTTPRequest(
            .post, "\(ssoURL(.ssoOIDC, sso))/token", headers: [("Content-Type", "application/json")],
            body: [UInt8](try JSONEncoder().encode(question)), timeouts: .init(connect: 5, total: 20))
        guard let response = try await answer(to: request), response.status == 200,
            let issued = try? JSONDecoder().decode(IssuedToken.self, from: Data(response.body))
        else { return nil }
        var fresh = token
        fresh.startUrl = sso.startURL
        fresh.region = sso.region
        fresh.accessToken = issued.accessToken
        fresh.expiresAt = Timestamp.text(context.now() + issued.expiresIn)
        fresh.refreshToken = issued.refreshToken ?? refreshToken
        return fresh
    }

    /// The answer of `CreateToken`.
    private struct IssuedToken: Decodable {
        var accessToken: String
        var expiresIn: Double
        var refreshToken: String?
    }

    /// Nil where there is none: the old token may still hold.
    private func answer(to request: HTTPRequest) async throws -> HTTPResponse? {
        do { return try await context.http.send(request) } catch is HTTPError { return nil }
    }

    /// Puts the new token where AWS's tools find it. A refresh token may serve only once, so the others need the new one;
    /// where the file cannot be written, this run goes on and the next has to sign in.
    private func save(_ token: SSOToken, _ path: String) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(token) else { return }
        let draft = "\(path).\(UInt64.random(in: 0 ... .max))"
        let isWritten = FileManager.default.createFile(
            atPath: draft, contents: data, attributes: [.posixPermissions: 0o600])
        if !isWritten || rename(draft, path) != 0 { try? FileManager.default.removeItem(atPath: draft) }
    }
}
