import Foundation
import HTTP
import Testing

@testable import AWS

@Suite struct CredentialsSSOTests {
    private static let session = """
        [profile s]
        sso_session = corp
        sso_account_id = 123456789012
        sso_role_name = Node Admin
        [sso-session corp]
        sso_region = eu-west-1
        sso_start_url = https://corp.awsapps.com/start
        """
    private static let legacy = """
        [profile s]
        sso_account_id = 123456789012
        sso_role_name = Admin
        sso_region = eu-west-1
        sso_start_url = https://old.awsapps.com/start
        """

    private static func token(expires: String, refresh: Bool = false) -> String {
        let more =
            refresh
            ? #","refreshToken":"s3cr3t-refresh","clientId":"id","clientSecret":"s3cr3t-client","registrationExpiresAt":"2000-01-01T00:00:00Z""#
            : ""
        return #"{"accessToken":"s3cr3t-bearer","expiresAt":"\#(expires)"\#(more)}"#
    }

    private static let keys =
        #"{"roleCredentials":{"accessKeyId":"ASIA-sso","secretAccessKey":"s3cr3t-role","sessionToken":"s3cr3t-token","expiration":5000000}}"#

    /// The portal and the token endpoint.
    private func service(portal: Int = 200, oidc: Int = 200) -> FakeHTTP {
        FakeHTTP { request in
            if request.url.hasSuffix("/token") {
                let body = #"{"accessToken":"s3cr3t-token","expiresIn":28800,"refreshToken":"s3cr3t-refresh"}"#
                return HTTPResponse(status: oidc, body: Array((oidc == 200 ? body : "{}").utf8))
            }
            return HTTPResponse(status: portal, body: Array((portal == 200 ? Self.keys : "{}").utf8))
        }
    }

    @Test func aSessionThatHolds() async throws {
        let home = try TestHome(config: Self.session)
        try home.write(home.ssoCache("corp"), Self.token(expires: "1970-01-01T01:00:00Z"))
        let http = service()
        let found = try await home.chain(profile: "s", http: http).find()
        #expect(found.accessKeyID == "ASIA-sso")
        #expect(found.expiration == 5000)
        #expect(
            http.requests.map(\.url) == [
                "https://portal.sso.eu-west-1.amazonaws.com/federation/credentials"
                    + "?account_id=123456789012&role_name=Node%20Admin"
            ])
        #expect(http.requests[0].headers.map(\.name) == ["x-amz-sso_bearer_token"])
        #expect(http.requests[0].headers.map(\.value) == ["s3cr3t-bearer"])
    }

    @Test func theOlderForm() async throws {
        let home = try TestHome(config: Self.legacy)
        try home.write(home.ssoCache("https://old.awsapps.com/start"), Self.token(expires: "1970-01-01T01:00:00UTC"))
        #expect(try await home.chain(profile: "s", http: service()).find().accessKeyID == "ASIA-sso")
    }

    @Test func theCachedFileIsNamedAsTheCommandLineNamesIt() throws {
        // python3 -c 'import hashlib; print(hashlib.sha1(b"corp").hexdigest())'
        #expect(try TestHome().ssoCache("corp") == ".aws/sso/cache/ee0bfd2552fbd840c02cc48b6e823320543c450f.json")
    }

    @Test(arguments: [(session, "--sso-session corp"), (legacy, "--profile s")])
    func noSignInSaysWhatToType(config: String, login: String) async throws {
        let home = try TestHome(config: config)
        let http = service()
        let error = await failure { _ = try await home.chain(profile: "s", http: http).find() }
        #expect(error?.fix == "aws sso login \(login)")
        #expect(error?.exitClass == .credentials)
        #expect(http.requests.isEmpty)
    }

    @Test(arguments: [
        (session, "corp", "--sso-session corp"), (legacy, "https://old.awsapps.com/start", "--profile s"),
    ])
    func anExpiredSignInSaysWhatToType(config: String, name: String, login: String) async throws {
        let home = try TestHome(config: config)
        try home.write(home.ssoCache(name), Self.token(expires: "1970-01-01T00:10:00Z"))
        let error = await failure { _ = try await home.chain(profile: "s", http: service()).find() }
        #expect(error?.summary == "the sign-in of profile s has expired")
        #expect(error?.fix == "aws sso login \(login)")
    }

    @Test func anExpiredSessionIsRefreshedAndKept() async throws {
        let home = try TestHome(config: Self.session)
        try home.write(home.ssoCache("corp"), Self.token(expires: "1970-01-01T00:10:00Z", refresh: true))
        let http = service()
        #expect(try await home.chain(profile: "s", http: http).find().accessKeyID == "ASIA-sso")
        #expect(http.requests.map(\.url).first == "https://oidc.eu-west-1.amazonaws.com/token")
        let body = try JSONDecoder().decode([String: String].self, from: Data(http.requests[0].body))
        #expect(body["grantType"] == "refresh_token")
        #expect(body["clientSecret"] == "s3cr3t-client")
        #expect(http.requests[1].headers.map(\.value) == ["s3cr3t-token"])
        let kept = try JSONDecoder().decode(SSOToken.self, from: Data(home.read(home.ssoCache("corp")).utf8))
        #expect(kept.accessToken == "s3cr3t-token")
        #expect(kept.expiresAt == "1970-01-01T08:16:40Z")
        #expect(kept.clientId == "id")
        let path = "\(home.path)/\(home.ssoCache("corp"))"
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(home.path)/.aws/sso/cache").count == 1)
    }

    @Test func aRefusedRefreshKeepsATokenThatHolds() async throws {
        let home = try TestHome(config: Self.session)
        try home.write(home.ssoCache("corp"), Self.token(expires: "1970-01-01T00:20:00Z", refresh: true))
        let http = service(oidc: 400)
        #expect(try await home.chain(profile: "s", http: http).find().accessKeyID == "ASIA-sso")
        #expect(http.requests.last?.headers.map(\.value) == ["s3cr3t-bearer"])
        try home.write(home.ssoCache("corp"), Self.token(expires: "1970-01-01T00:10:00Z", refresh: true))
        let error = await failure { _ = try await home.chain(profile: "s", http: service(oidc: 400)).find() }
        #expect(error?.fix == "aws sso login --sso-session corp")
    }

    @Test func thePortalRefuses() async throws {
        let home = try TestHome(config: Self.session)
        try home.write(home.ssoCache("corp"), Self.token(expires: "1970-01-01T01:00:00Z"))
        let over = await failure { _ = try await home.chain(profile: "s", http: service(portal: 401)).find() }
        #expect(over?.fix == "aws sso login --sso-session corp")
        let role = await failure { _ = try await home.chain(profile: "s", http: service(portal: 403)).find() }
        #expect(role?.summary.contains("role Node Admin in account 123456789012: status 403") == true)
    }

    @Test func aCacheThatCannotBeRead() async throws {
        let home = try TestHome(config: Self.session)
        try home.write(home.ssoCache("corp"), #"{"accessToken":"s3cr3t-bearer""#)
        let error = await failure { _ = try await home.chain(profile: "s", http: service()).find() }
        #expect(error?.summary.contains("cannot be read") == true)
        #expect(error?.fix == "aws sso login --sso-session corp")
    }

    @Test(arguments: [
        (legacy.replacingOccurrences(of: "sso_region = eu-west-1\n", with: ""), "sso_region is missing"),
        (legacy.replacingOccurrences(of: "sso_role_name = Admin\n", with: ""), "sso_role_name is missing"),
        (legacy.replacingOccurrences(of: "eu-west-1", with: "evil.com/"), "sso_region of profile s is"),
        (session.replacingOccurrences(of: "[sso-session corp]", with: "[sso-session x]"), "there is none"),
        (
            session.replacingOccurrences(of: "sso_account", with: "sso_region = us-east-1\nsso_account"),
            "sso_region differs"
        ),
    ])
    func wrongSections(config: String, text: String) async throws {
        let home = try TestHome(config: config)
        let error = await failure { _ = try await home.chain(profile: "s", http: service()).find() }
        #expect(error?.summary.contains(text) == true)
        #expect(error?.line != nil)
    }
}
