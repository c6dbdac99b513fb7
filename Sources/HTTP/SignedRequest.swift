/// The keys that sign a request.
public struct SigningKeys: Sendable {
    /// `AKIA…` or `ASIA…`.
    public var accessKeyID: String
    /// The secret; never printed.
    public var secretAccessKey: String
    /// Present with temporary credentials.
    public var sessionToken: String?

    /// Keys from their parts.
    public init(accessKeyID: String, secretAccessKey: String, sessionToken: String?) {
        self.accessKeyID = accessKeyID
        self.secretAccessKey = secretAccessKey
        self.sessionToken = sessionToken
    }
}

/// A request that libcurl signs with Signature Version 4.
///
/// libcurl releases from 7.87 to today sign alike only inside a subset: a POST to `/` with the body in memory, an explicit
/// content type, no repeated, empty or removed header, no date of ours. This type can express nothing else.
public struct SignedRequest: Sendable {
    /// Scheme, host and port, without a path: `https://ec2.us-east-2.amazonaws.com`.
    public let endpoint: String
    /// `ec2`, `iam`, `ssm`, `sts`: the name in the credential scope.
    public let service: String
    /// The region in the credential scope.
    public let region: String
    /// `application/x-www-form-urlencoded; charset=utf-8` or `application/x-amz-json-1.1`.
    public let contentType: String
    /// `X-Amz-Target` of the JSON protocols.
    public let target: String?
    /// The body.
    public let body: [UInt8]
    /// False where a second sending could make a second thing.
    public let mayBeRepeated: Bool
    /// Time limits.
    public let timeouts: HTTPRequest.Timeouts

    /// A signed POST to `/`.
    /// - Throws: `HTTPError` when the endpoint is not scheme, host and port alone, or a field cannot be signed.
    public init(
        endpoint: String, service: String, region: String, contentType: String, target: String? = nil, body: [UInt8],
        mayBeRepeated: Bool, timeouts: HTTPRequest.Timeouts = .init()
    ) throws {
        guard Self.isHostAlone(endpoint) else {
            throw HTTPError(
                code: 3, message: "'\(endpoint)' is no endpoint: write http(s)://host or http(s)://host:port",
                neverSent: true)
        }
        try Self.check(contentType, "content type")
        if let target { try Self.check(target, "target") }
        for (name, what) in [(region, "region"), (service, "service")] {
            // libcurl takes both in one text, parted by colons.
            try Self.check(name, what, without: ": /")
        }
        self.endpoint = endpoint
        self.service = service
        self.region = region
        self.contentType = contentType
        self.target = target
        self.body = body
        self.mayBeRepeated = mayBeRepeated
        self.timeouts = timeouts
    }

    private static func isHostAlone(_ endpoint: String) -> Bool {
        guard let scheme = ["https://", "http://"].first(where: endpoint.hasPrefix) else { return false }
        let host = endpoint.dropFirst(scheme.count)
        return !host.isEmpty && host.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !"/?#@\\\"<>".utf8.contains($0) }
    }

    /// An empty field would remove a header, a line break would add one.
    private static func check(_ value: String, _ what: String, without forbidden: String = "") throws {
        let bytes = value.utf8
        let isPlain =
            bytes.first.map { $0 != 0x20 } ?? false && bytes.last != 0x20
            && bytes.allSatisfy { (0x20..<0x7F).contains($0) && !forbidden.utf8.contains($0) }
        guard isPlain else { throw HTTPError(code: 3, message: "the \(what) cannot be signed", neverSent: true) }
    }

    /// The request without its signature. An empty token header would be signed and never sent, so there is none.
    /// - Throws: `HTTPError` for a token that is no field.
    func plain(sessionToken: String?) throws -> HTTPRequest {
        var headers = [(name: "Content-Type", value: contentType)]
        if let target { headers.append(("X-Amz-Target", target)) }
        if let sessionToken, !sessionToken.isEmpty {
            try Self.check(sessionToken, "session token")
            headers.append(("X-Amz-Security-Token", sessionToken))
        }
        var request = HTTPRequest(.post, endpoint + "/", headers: headers, body: body, timeouts: timeouts)
        request.mayBeRepeated = mayBeRepeated
        return request
    }
}
