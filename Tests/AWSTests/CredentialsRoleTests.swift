import Testing

@testable import AWS

@Suite struct CredentialsRoleTests {
    private static let base = "[base]\naws_access_key_id = AKIA-base\naws_secret_access_key = s3cr3t-file\n"

    private func role(_ lines: String, _ more: String = "") throws -> TestHome {
        try TestHome(config: "[profile r]\nrole_arn = arn:aws:iam::1:role/R\n\(lines)\n\(more)", credentials: Self.base)
    }

    @Test func aSourceProfile() async throws {
        let home = try role("source_profile = base\nexternal_id = e\nduration_seconds = 900\nrole_session_name = me")
        let tokens = FakeTokens()
        let found = try await home.chain(profile: "r", tokens: tokens).find()
        #expect(found.accessKeyID == "ASIA-R")
        #expect(found.expiration == 10_000)
        #expect(found.source == "profile r (role arn:aws:iam::1:role/R)")
        let request = RoleRequest(
            roleARN: "arn:aws:iam::1:role/R", sessionName: "me", durationSeconds: 900, externalID: "e")
        #expect(tokens.asked == [.init(request: request, by: "AKIA-base")])
    }

    @Test func aRowOfRoles() async throws {
        let home = try role(
            "source_profile = s", "[profile s]\nrole_arn = arn:aws:iam::1:role/S\nsource_profile = base\n")
        let tokens = FakeTokens()
        #expect(try await home.chain(profile: "r", tokens: tokens).find().accessKeyID == "ASIA-R")
        #expect(tokens.asked.map(\.by) == ["AKIA-base", "ASIA-S"])
        #expect(tokens.asked.map(\.request.sessionName) == ["cloudrails-1000", "cloudrails-1000"])
    }

    @Test func aProfileMayTakeItsOwnRole() async throws {
        let home = try role("source_profile = r\naws_access_key_id = AKIA-own\naws_secret_access_key = s3cr3t-file")
        let tokens = FakeTokens()
        #expect(try await home.chain(profile: "r", tokens: tokens).find().accessKeyID == "ASIA-R")
        #expect(tokens.asked.map(\.by) == ["AKIA-own"])
    }

    @Test func aCircle() async throws {
        let home = try role(
            "source_profile = s",
            "[profile s]\nrole_arn = a\nsource_profile = t\n[profile t]\nrole_arn = a\nsource_profile = r\n")
        let error = await failure { _ = try await home.chain(profile: "r").find() }
        #expect(error?.summary.hasSuffix("r -> s -> t -> r") == true)
        #expect(error?.line == 9)
        let own = try role("source_profile = r")
        #expect(await failure { _ = try await own.chain(profile: "r").find() }?.summary.hasSuffix("r -> r") == true)
    }

    @Test(arguments: [
        ("", "neither source_profile nor credential_source"),
        ("source_profile = base\ncredential_source = Environment", "both source_profile and credential_source"),
        ("source_profile = gone", "there is no such profile"), ("credential_source = Moon", "is \"Moon\""),
        ("credential_source = Environment", "which has none: environment: AWS_ACCESS_KEY_ID is not set"),
        ("credential_source = Ec2InstanceMetadata", "which has none: EC2 metadata service: no answer"),
        ("source_profile = base\nduration_seconds = 60", "duration_seconds of profile r is not a number from 900"),
        ("source_profile = base\nmfa_serial = arn:mfa", "there is no terminal to ask at"),
        ("source_profile = empty\n[profile empty]", "has no credentials"),
    ])
    func wrongRoles(lines: String, text: String) async throws {
        let home = try role(lines)
        let error = await failure { _ = try await home.chain(profile: "r").find() }
        #expect(error?.summary.contains(text) == true)
        #expect(error?.exitClass == .credentials)
        #expect(error?.file != nil)
    }

    @Test func theEnvironmentAsSource() async throws {
        let home = try role("credential_source = Environment")
        let tokens = FakeTokens()
        let environment = ["AWS_ACCESS_KEY_ID": "AKIA-env", "AWS_SECRET_ACCESS_KEY": "s3cr3t-env"]
        _ = try await home.chain(environment, profile: "r", tokens: tokens).find()
        #expect(tokens.asked.map(\.by) == ["AKIA-env"])
    }

    @Test func theMFACodeIsAskedFor() async throws {
        let home = try role("source_profile = base\nmfa_serial = arn:mfa")
        let tokens = FakeTokens()
        _ = try await home.chain(
            profile: "r", tokens: tokens, prompt: { "\($0.contains("arn:mfa") ? " 123456\n" : "")" }
        )
        .find()
        #expect(tokens.asked.first?.request.mfa == .init(serialNumber: "arn:mfa", code: "123456"))
        let error = await failure { _ = try await home.chain(profile: "r", prompt: { _ in "12" }).find() }
        #expect(error?.summary == "an MFA code has six digits")
    }

    @Test func aRefusalNamesRoleAndIdentity() async throws {
        let home = try role("source_profile = base")
        let refusal = AWSError(
            service: .sts, action: "AssumeRole", code: "AccessDenied", message: "no",
            requestID: "q-1", status: 403)
        let error = await failure {
            _ = try await home.chain(profile: "r", tokens: FakeTokens(refusal: refusal)).find()
        }
        #expect(
            error?.summary == "profile r cannot take the role arn:aws:iam::1:role/R: AccessDenied: no (request id q-1)")
        #expect(error?.line == 2)
    }

    @Test func webIdentity() async throws {
        let home = try TestHome()
        try home.write("token", "jwt\n")
        let environment = [
            "AWS_ROLE_ARN": "arn:aws:iam::1:role/W", "AWS_WEB_IDENTITY_TOKEN_FILE": "\(home.path)/token",
            "AWS_ROLE_SESSION_NAME": "pod",
        ]
        let tokens = FakeTokens()
        #expect(try await home.chain(environment, tokens: tokens).find().accessKeyID == "ASIA-W")
        #expect(
            tokens.asked == [.init(request: .init(roleARN: "arn:aws:iam::1:role/W", sessionName: "pod"), by: "jwt")])
        var wrong = environment
        wrong["AWS_ROLE_ARN"] = nil
        #expect(await failure { _ = try await home.chain(wrong).find() }?.summary.contains("without a role") == true)
        wrong = environment
        wrong["AWS_WEB_IDENTITY_TOKEN_FILE"] = "/nowhere"
        #expect(await failure { _ = try await home.chain(wrong).find() }?.summary.contains("missing or empty") == true)
    }

    @Test func webIdentityInAProfileIsNoPlainRole() async throws {
        let home = try role("web_identity_token_file = ~/token\nsource_profile = base")
        try home.write("token", "jwt")
        let tokens = FakeTokens()
        _ = try await home.chain(profile: "r", tokens: tokens).find()
        #expect(tokens.asked.map(\.by) == ["jwt"])
    }
}
