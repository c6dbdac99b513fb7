public import HTTP

/// What happened in one attempt at a call; what `--debug` prints. Holds no secret.
public struct CallRecord: Sendable {
    /// `ec2 DescribeVpcs`.
    public var service: AWSService
    /// The action's name.
    public var action: String
    /// 1 for the first attempt.
    public var attempt: Int
    /// Seconds from sending to the whole answer.
    public var seconds: Double
    /// The HTTP status; nil when no answer came.
    public var status: Int?
    /// AWS's request id.
    public var requestID: String?
    /// AWS's error code, or libcurl's words.
    public var failure: String?
}

/// Calls AWS: signs, sends, reads, and repeats what may be repeated.
public final class AWSClient: AWSCalling {
    /// The region and endpoints in use.
    public let settings: Settings
    private let credentials: any CredentialProviding
    private let http: HTTPClient
    private let observe: @Sendable (CallRecord) -> Void

    /// A client over one HTTP client; `observe` sees every attempt.
    public init(
        settings: Settings, credentials: any CredentialProviding, http: HTTPClient,
        observe: @escaping @Sendable (CallRecord) -> Void = { _ in }
    ) {
        self.settings = settings
        self.credentials = credentials
        self.http = http
        self.observe = observe
    }

    /// Makes one call.
    public func call<Operation: AWSOperation>(_ operation: Operation, region: String?) async throws -> Operation.Output {
        throw OutcomeUnknown(action: Operation.action, cause: CancellationError())
    }
}
