import HTTP
import Testing

@testable import AWS

@Suite struct CredentialsChainTests {
    private static let keys = [
        "AWS_ACCESS_KEY_ID": "AKIA-env", "AWS_SECRET_ACCESS_KEY": "s3cr3t-env", "AWS_SESSION_TOKEN": "s3cr3t-token",
    ]
    private static let file = "[default]\naws_access_key_id = AKIA-file\naws_secret_access_key = s3cr3t-file\n"

    @Test func theEnvironmentComesFirst() async throws {
        let found = try await TestHome(credentials: Self.file).chain(Self.keys).find()
        #expect(found.accessKeyID == "AKIA-env")
        #expect(found.sessionToken == "s3cr3t-token")
        #expect(found.expiration == nil)
    }

    @Test func anExplicitProfilePassesTheEnvironmentOver() async throws {
        let home = try TestHome(credentials: Self.file)
        #expect(try await home.chain(Self.keys, profile: "default").find().accessKeyID == "AKIA-file")
        let named = Self.keys.merging(["AWS_PROFILE": "default"]) { $1 }
        #expect(try await home.chain(named).find().accessKeyID == "AKIA-env")
    }

    @Test func theCredentialsFileWinsOverTheConfigFile() async throws {
        let config = "[default]\naws_access_key_id = AKIA-config\naws_secret_access_key = s3cr3t-file\n"
        let home = try TestHome(config: config, credentials: Self.file)
        #expect(try await home.chain().find().accessKeyID == "AKIA-file")
        #expect(try await TestHome(config: config).chain().find().accessKeyID == "AKIA-config")
    }

    @Test(arguments: ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"])
    func halfOfTheKeysInTheEnvironment(missing: String) async throws {
        var environment = Self.keys
        environment[missing] = ""
        let home = try TestHome(credentials: Self.file)
        let error = await failure { _ = try await home.chain(environment).find() }
        #expect(error?.summary.hasSuffix("is set but \(missing) is not") == true)
        #expect(error?.exitClass == .credentials)
    }

    @Test(arguments: [
        "aws_access_key_id = A\n", "aws_secret_access_key = s3cr3t-file\n",
        "aws_access_key_id = A\naws_secret_access_key =\n",
    ])
    func halfOfTheKeysInAFile(lines: String) async throws {
        let home = try TestHome(credentials: "[default]\n\(lines)")
        let error = await failure { _ = try await home.chain().find() }
        #expect(error?.place == "\(home.path)/.aws/credentials:2")
        #expect(error?.summary.contains("one half of its keys") == true)
    }

    @Test func noCredentialsListsWhatWasTried() async throws {
        let home = try TestHome()
        let error = await failure { _ = try await home.chain().find() }
        #expect(error?.exitClass == .credentials)
        let told = "\(error?.cause ?? "")\(error?.fix ?? "")"
        for text in [
            "environment: AWS_ACCESS_KEY_ID is not set", "\(home.path)/.aws/credentials", "container:",
            "EC2 metadata service: no answer", "aws configure --profile blockchain-nodes", "aws configure sso",
            "export AWS_ACCESS_KEY_ID",
        ] { #expect(told.contains(text)) }
    }

    @Test func nothingIsAskedBeforeTheChainGetsThere() async throws {
        let http = FakeHTTP.silent
        _ = try await TestHome(credentials: Self.file).chain(http: http).find()
        #expect(http.requests.isEmpty)
    }

    @Test func expiredKeysInTheEnvironment() async throws {
        let home = try TestHome()
        let past = Self.keys.merging(["AWS_CREDENTIAL_EXPIRATION": "1970-01-01T00:16:40Z"]) { $1 }
        let error = await failure { _ = try await home.chain(past, now: 1000).find() }
        #expect(error?.summary == "the keys from environment variables have expired")
        #expect(error?.fix?.hasPrefix("export new") == true)
        #expect(try await home.chain(past, now: 999).find().expiration == 1000)
        let wrong = Self.keys.merging(["AWS_CREDENTIAL_EXPIRATION": "soon"]) { $1 }
        #expect(await failure { _ = try await home.chain(wrong).find() }?.summary.contains("is not a time") == true)
    }

    @Test func aLoginSessionIsRefusedWithAWayOut() async throws {
        let home = try TestHome(config: "[default]\nlogin_session = arn:aws:iam::1:user/x\n")
        let error = await failure { _ = try await home.chain().find() }
        #expect(error?.line == 2)
        #expect(error?.fix?.contains("aws configure export-credentials --profile default") == true)
    }

    @Test func credentialsPrintNoSecret() {
        let keys = Credentials(
            accessKeyID: "A", secretAccessKey: "s3cr3t-env", sessionToken: "s3cr3t-token", source: "x")
        var dumped = ""
        dump(keys, to: &dumped)
        #expect(!"\(keys) \(String(reflecting: keys)) \(dumped)".contains("s3cr3t"))
    }

    @Test(arguments: [
        ("1970-01-01T00:16:40Z", 1000.0), ("1970-01-01T00:16:40.500Z", 1000.5), ("1970-01-01T01:16:40+01:00", 1000),
        ("1970-01-01T00:16:40UTC", 1000), ("1970-01-01T00:16:40+00:00", 1000),
    ])
    func timestamps(text: String, seconds: Double) { #expect(Timestamp.seconds(text) == seconds) }

    @Test func timestampsThatAreNone() {
        #expect(Timestamp.seconds("soon") == nil)
        #expect(Timestamp.text(1000.9) == "1970-01-01T00:16:40Z")
    }
}
