/// Sends requests through libcurl on one thread of its own; safe to use from any task.
public final class HTTPClient: Sendable {
    /// Settings that hold for every request.
    public struct Configuration: Sendable {
        /// A file of certificate authorities (`AWS_CA_BUNDLE`), else the system's.
        public var caBundle: String?
        /// What `User-Agent` says.
        public var userAgent: String

        /// Settings from their parts.
        public init(caBundle: String? = nil, userAgent: String) {
            self.caBundle = caBundle
            self.userAgent = userAgent
        }
    }

    private let configuration: Configuration

    /// A client; the thread starts with the first request.
    public init(_ configuration: Configuration) { self.configuration = configuration }

    /// Sends a request and waits for the whole answer.
    /// - Throws: `HTTPError` when no answer came, `CancellationError` when the task was cancelled.
    public func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        throw HTTPError(code: 2, message: "not built yet", neverSent: true)
    }

    /// Sends a request that libcurl signs.
    /// - Throws: as `send(_:)`.
    public func send(_ request: SignedRequest, keys: SigningKeys) async throws -> HTTPResponse {
        throw HTTPError(code: 2, message: "not built yet", neverSent: true)
    }
}
