import HTTP
import Testing

@testable import AWS

@Suite struct CredentialsServicesTests {
    private static let keys =
        #"{"Code":"Success","AccessKeyId":"ASIA-svc","SecretAccessKey":"s3cr3t-role","Token":"s3cr3t-token","Expiration":"1970-01-01T01:00:00Z"}"#

    private static func answer(_ status: Int, _ body: String) -> HTTPResponse {
        HTTPResponse(status: status, body: Array(body.utf8))
    }

    @Test(arguments: [
        "http://127.0.0.1/x", "http://127.9.9.9:80/x", "http://localhost:1/x", "http://[::1]/x",
        "http://169.254.170.2/x",
        "http://169.254.170.23/v1", "http://[fd00:ec2::23]/v1", "https://keys.example.com/x",
    ])
    func hostsThatMayBeAsked(url: String) { #expect(CredentialChain.mayReceiveToken(url)) }

    @Test(arguments: [
        "http://example.com/x", "http://127.0.0.1.evil.com/x", "http://169.254.170.20/x", "http://127.0.0.1@evil.com/x",
        "http://evil.com\\@127.0.0.1/x", "ftp://127.0.0.1/x", "http:///x", "http://127.1/x", "http://128.0.0.1/x",
        "http://[fd00:ec2::24]/x", "http://localhost.evil.com/", "http://127.0.0.1 .evil.com/", "x",
    ])
    func hostsThatMayNot(url: String) { #expect(!CredentialChain.mayReceiveToken(url)) }

    @Test func aRelativeAddress() async throws {
        let http = FakeHTTP { _ in Self.answer(200, Self.keys) }
        let environment = [
            "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/v2/x", "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://evil.com",
        ]
        let found = try await TestHome().chain(environment, http: http).find()
        #expect(found.accessKeyID == "ASIA-svc")
        #expect(found.expiration == 3600)
        #expect(http.requests.map(\.url) == ["http://169.254.170.2/v2/x"])
        #expect(http.requests.map(\.usesProxy) == [false])
    }

    @Test func theTokenOfTheFileWins() async throws {
        let home = try TestHome()
        try home.write("token", "s3cr3t-bearer")
        let http = FakeHTTP { _ in Self.answer(200, Self.keys) }
        let environment = [
            "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://169.254.170.23/v1",
            "AWS_CONTAINER_AUTHORIZATION_TOKEN": "other",
            "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": "\(home.path)/token",
        ]
        _ = try await home.chain(environment, http: http).find()
        #expect(http.requests[0].headers.contains { $0 == ("Authorization", "s3cr3t-bearer") })
        try home.write("token", "s3cr3t-bearer\r\nX: y")
        let error = await failure { _ = try await home.chain(environment, http: http).find() }
        #expect(error?.summary.contains("line break") == true)
        #expect(http.requests.count == 1)
    }

    @Test func aForeignHostGetsNoToken() async throws {
        let http = FakeHTTP { _ in Self.answer(200, Self.keys) }
        let environment = [
            "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://evil.com/x",
            "AWS_CONTAINER_AUTHORIZATION_TOKEN": "s3cr3t-bearer",
        ]
        let home = try TestHome()
        let error = await failure { _ = try await home.chain(environment, http: http).find() }
        #expect(error?.summary.contains("169.254.170.23") == true)
        #expect(http.requests.isEmpty)
    }

    @Test func anAgentThatFailsIsAskedThreeTimes() async throws {
        let http = FakeHTTP { _ in Self.answer(500, "s3cr3t-role") }
        let home = try TestHome()
        let error = await failure {
            _ = try await home.chain(["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/x"], http: http).find()
        }
        #expect(error?.summary == "the container's agent gave out no keys: status 500")
        #expect(http.requests.count == 3)
    }

    /// A metadata service with one role.
    private func instance(token: Int = 200, role: String = "R\n") -> FakeHTTP {
        FakeHTTP { request in
            if request.method == .put { return Self.answer(token, token == 200 ? "t" : "") }
            guard request.headers.contains(where: { $0 == ("X-aws-ec2-metadata-token", "t") }) else {
                return Self.answer(401, "")
            }
            if request.url.hasSuffix("/security-credentials/") { return Self.answer(role.isEmpty ? 404 : 200, role) }
            return Self.answer(200, Self.keys)
        }
    }

    @Test func theInstanceRole() async throws {
        let http = instance()
        let found = try await TestHome().chain(http: http).find()
        #expect(found.source == "EC2 instance role R")
        let base = "http://169.254.169.254/latest"
        #expect(
            http.requests.map(\.url) == [
                "\(base)/api/token", "\(base)/meta-data/iam/security-credentials/",
                "\(base)/meta-data/iam/security-credentials/R",
            ])
        #expect(http.requests[0].headers.contains { $0 == ("X-aws-ec2-metadata-token-ttl-seconds", "21600") })
        #expect(http.requests.allSatisfy { $0.timeouts.total == 1 && !$0.usesProxy })
    }

    @Test(arguments: [(403, "R", "gives out no token (status 403)"), (200, "", "this instance has no role")])
    func noInstanceRole(token: Int, role: String, text: String) async throws {
        let home = try TestHome()
        let error = await failure { _ = try await home.chain(http: instance(token: token, role: role)).find() }
        #expect(error?.cause?.contains(text) == true)
    }

    @Test func theMetadataServiceCanBeSwitchedOff() async throws {
        let http = instance()
        let home = try TestHome()
        let error = await failure { _ = try await home.chain(["AWS_EC2_METADATA_DISABLED": "true"], http: http).find() }
        #expect(error?.cause?.contains("AWS_EC2_METADATA_DISABLED is true") == true)
        #expect(http.requests.isEmpty)
    }

    @Test func attemptsAreCounted() async throws {
        let http = FakeHTTP.silent
        let home = try TestHome()
        _ = await failure { _ = try await home.chain(["AWS_METADATA_SERVICE_NUM_ATTEMPTS": "3"], http: http).find() }
        #expect(http.requests.count == 3)
    }
}
