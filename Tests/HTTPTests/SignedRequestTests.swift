import Testing

@testable import HTTP

/// A `SignedRequest` is inside the subset that all releases of libcurl sign alike, or there is none.
@Suite struct SignedRequestTests {
    private func request(
        endpoint: String = "https://ec2.us-east-2.amazonaws.com", service: String = "ec2", region: String = "us-east-2",
        contentType: String = "application/x-amz-json-1.1", target: String? = nil
    ) throws -> SignedRequest {
        try SignedRequest(
            endpoint: endpoint, service: service, region: region, contentType: contentType, target: target, body: [],
            mayBeRepeated: true)
    }

    private func refusal(_ make: () throws -> SignedRequest) -> HTTPError? {
        let error = #expect(throws: HTTPError.self) { try make() }
        #expect(error?.code == 3 && error?.neverSent == true)
        return error
    }

    @Test(arguments: [
        "https://ec2.us-east-2.amazonaws.com", "http://127.0.0.1:5000", "http://localhost", "http://[::1]:5000",
        "https://iam.amazonaws.com:443",
    ])
    func takesHostsAndPorts(endpoint: String) throws {
        let plain = try request(endpoint: endpoint).plain(sessionToken: nil)
        #expect(plain.url == endpoint + "/" && plain.method == .post)
    }

    @Test(arguments: [
        "", "ec2.us-east-2.amazonaws.com", "https://", "ftp://host", "file:///etc/passwd", "https://host/",
        "https://host/path", "https://host?query=1", "https://host#part", "https://user@host", "https://u:p@host",
        "https://ho st", "https://host\r\nX-Other: 1", "https://hôte", "https:\\\\host", "HTTPS://host",
        "https://<host>",
    ])
    func refusesWhatIsMoreOrLess(endpoint: String) {
        let error = refusal { try request(endpoint: endpoint) }
        #expect(error?.message.contains("'\(endpoint)' is no endpoint") == true)
    }

    /// An empty field would be a removal, one with a line break a second field: both are signed wrongly.
    @Test(arguments: ["", " ", " a", "a ", "a\r\nX-Other: 1", "a\n", "caf\u{e9}", "a\u{0}"])
    func refusesFieldsThatCannotBeSigned(value: String) {
        #expect(refusal { try request(contentType: value) } != nil)
        #expect(refusal { try request(target: value) } != nil)
    }

    /// Region and service are parts of one text for libcurl, `aws:amz:<region>:<service>`.
    @Test(arguments: ["", "us east", "us:east", "us/east", "us-east-2\n", "\u{fc}s"])
    func refusesScopesThatCannotBeTold(name: String) {
        #expect(refusal { try request(region: name) } != nil)
        #expect(refusal { try request(service: name) } != nil)
    }

    @Test func sendsNoHeaderTwiceAndNoneEmpty() throws {
        let full = try request(target: "AmazonSSM.GetParameter").plain(sessionToken: "token").headers
        #expect(full.map(\.name) == ["Content-Type", "X-Amz-Target", "X-Amz-Security-Token"])
        #expect(try request().plain(sessionToken: "").headers.map(\.name) == ["Content-Type"])
        #expect(try request().plain(sessionToken: nil).headers.map(\.name) == ["Content-Type"])
    }

    @Test func aTokenWithALineBreakIsRefused() async throws {
        let keys = SigningKeys(accessKeyID: "A", secretAccessKey: "s3cr3t", sessionToken: "t\r\nX-Other: 1")
        let request = try request(endpoint: "http://127.0.0.1:1")
        let error = await #expect(throws: HTTPError.self) {
            try await HTTPClient(.init(userAgent: "t")).send(request, keys: keys)
        }
        #expect(error?.neverSent == true && error?.message.contains("X-Other") == false)
    }
}
