import HTTP
import TestSupport
import Testing

/// What libcurl signs, as an independent verifier sees it.
@Suite(.timeLimit(.minutes(1))) struct SigningTests {
    private static let form = "application/x-www-form-urlencoded; charset=utf-8"
    private static let json = "application/x-amz-json-1.1"
    private static let bodies: [(name: String, bytes: [UInt8])] = [
        ("empty", []),
        ("form", Array("Action=DescribeVpcs&Version=2016-11-15&Filter.1.Name=tag%3AName".utf8)),
        ("non-ASCII", Array("Name=Bl\u{f6}cke \u{20bf} \u{1f517}".utf8)),
        ("percent-encoded plus", Array("A=1%2B1&B=a+b&C=%252B&D=%2b".utf8)),
        ("every byte", (0...255).map { UInt8($0) }),
        ("one megabyte", (0..<1_048_576).map { UInt8(truncatingIfNeeded: $0 &* 31) }),
    ]

    private let keys = SigningKeys(
        accessKeyID: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", sessionToken: nil)
    private let client = HTTPClient(.init(userAgent: "cloudrails-tests"))
    private let server: LocalServer

    init() throws {
        server = try LocalServer { _ in .answer(200) }
    }

    /// What arrives when this is sent, after the verifier has found nothing wrong with it.
    private func arrived(
        _ body: [UInt8], contentType: String = form, target: String? = nil, token: String? = nil,
        scope: (region: String, service: String) = ("us-east-2", "ec2")
    ) async throws -> LocalServer.Request {
        let request = try SignedRequest(
            endpoint: server.url, service: scope.service, region: scope.region, contentType: contentType,
            target: target, body: body, mayBeRepeated: true)
        var keys = keys
        keys.sessionToken = token
        #expect(try await client.send(request, keys: keys).status == 200)
        let arrived = try #require(server.requests.last)
        let verifier = SignatureVerifier(secret: keys.secretAccessKey, scope: "\(scope.region)/\(scope.service)")
        #expect(verifier.complaint(about: arrived) == nil)
        #expect(arrived.method == "POST" && arrived.path == "/")
        #expect(arrived.body == body)
        return arrived
    }

    @Test(arguments: bodies.map(\.name), [nil, "AQoDYXdzEJr//token+/=="])
    func everyBodyIsSigned(name: String, token: String?) async throws {
        let body = try #require(Self.bodies.first { $0.name == name }).bytes
        let request = try await arrived(body, token: token)
        #expect(request.values("X-Amz-Security-Token") == (token.map { [$0] } ?? []))
        #expect(request.values("Content-Type") == [Self.form])
        #expect(request.values("User-Agent") == ["cloudrails-tests"])
    }

    @Test func jsonNamesItsTarget() async throws {
        let request = try await arrived(
            Array(#"{"Name":"/aws/service/caf\u00e9"}"#.utf8), contentType: Self.json, target: "AmazonSSM.GetParameter",
            token: "token", scope: ("eu-central-1", "ssm"))
        #expect(request.values("Content-Type") == [Self.json])
        #expect(request.values("X-Amz-Target") == ["AmazonSSM.GetParameter"])
    }

    /// An empty header would be signed, and libcurl would not send it.
    @Test func anEmptyTokenIsNone() async throws {
        let request = try await arrived([], token: "")
        #expect(request.values("X-Amz-Security-Token").isEmpty)
    }

    @Test func otherKeysSignOtherwise() async throws {
        let request = try await arrived(Array("Action=X".utf8))
        let other = SignatureVerifier(secret: "another", scope: "us-east-2/ec2")
        #expect(other.complaint(about: request) == "the signature does not match")
        let elsewhere = SignatureVerifier(secret: keys.secretAccessKey, scope: "us-east-1/ec2")
        #expect(elsewhere.complaint(about: request)?.hasPrefix("scope ") == true)
    }

    /// Keys go to the host that they were meant for, and to no other.
    @Test func aRedirectionIsNotFollowed() async throws {
        let other = try LocalServer { _ in .answer(200) }
        let address = other.url
        let redirecting = try LocalServer { _ in .answer(307, headers: ["Location": address + "/"]) }
        let request = try SignedRequest(
            endpoint: redirecting.url, service: "ec2", region: "us-east-2", contentType: Self.form, body: [],
            mayBeRepeated: true)
        #expect(try await client.send(request, keys: keys).status == 307)
        #expect(other.accepted == 0)
    }
}
