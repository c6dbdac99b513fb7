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
    /// What to do when they have ended: `aws sso login --profile x`.
    public var renewal: String

    /// Keys from their parts.
    public init(
        accessKeyID: String, secretAccessKey: String, sessionToken: String? = nil, expiration: Double? = nil,
        source: String, renewal: String = "get new keys and run the command again"
    ) {
        self.accessKeyID = accessKeyID
        self.secretAccessKey = secretAccessKey
        self.sessionToken = sessionToken
        self.expiration = expiration
        self.source = source
        self.renewal = renewal
    }

    /// The error for keys that have ended: names where they came from and what to do.
    public var expired: ConfigurationError {
        ConfigurationError("the keys from \(source) have expired", fix: renewal, exitClass: .credentials)
    }
}

extension Credentials: CustomStringConvertible, CustomReflectable {
    /// Source and key id; never the secret, so that no log and no crash report can hold it.
    public var description: String { "\(accessKeyID) (\(source))" }

    /// As `description`: what `dump` and test reports print.
    public var customMirror: Mirror { Mirror(self, children: ["accessKeyID": accessKeyID, "source": source]) }
}

/// Whatever can supply credentials.
public protocol CredentialProviding: Sendable {
    /// Credentials that hold now; asks for new ones before they end.
    func credentials() async throws -> Credentials
}
