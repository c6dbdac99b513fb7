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
    /// Time limits.
    public let timeouts: HTTPRequest.Timeouts

    /// A signed POST to `/`.
    public init(
        endpoint: String, service: String, region: String, contentType: String, target: String? = nil, body: [UInt8],
        timeouts: HTTPRequest.Timeouts = .init()
    ) {
        self.endpoint = endpoint
        self.service = service
        self.region = region
        self.contentType = contentType
        self.target = target
        self.body = body
        self.timeouts = timeouts
    }
}
