/// Keys to call AWS with, and how long they hold.
public struct Credentials: Sendable, Equatable {
    /// `AKIA…` or `ASIA…`.
    public var accessKeyID: String
    /// The secret; never printed.
    public var secretAccessKey: String
    /// Present with temporary credentials.
    public var sessionToken: String?
    /// Seconds since 1970 at which the keys end; nil for keys without end.
    public var expiration: Double?
    /// Where they came from, in words for people: `environment`, `profile x (SSO)`.
    public var source: String

    /// Keys from their parts.
    public init(
        accessKeyID: String, secretAccessKey: String, sessionToken: String? = nil, expiration: Double? = nil,
        source: String
    ) {
        self.accessKeyID = accessKeyID
        self.secretAccessKey = secretAccessKey
        self.sessionToken = sessionToken
        self.expiration = expiration
        self.source = source
    }
}

/// Whatever can supply credentials.
public protocol CredentialProviding: Sendable {
    /// Credentials that hold now; asks for new ones before they end.
    func credentials() async throws -> Credentials
}
