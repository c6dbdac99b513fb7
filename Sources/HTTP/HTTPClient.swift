internal import Synchronization

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
    private let loop = Mutex<TransferLoop?>(nil)
    private let nextID = Atomic<UInt64>(0)

    /// A client; libcurl starts with the first request.
    public init(_ configuration: Configuration) { self.configuration = configuration }

    /// Sends a request and waits for the whole answer.
    /// - Throws: `HTTPError` when no answer came, `CancellationError` when the task was cancelled.
    public func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        try await send(request, signature: nil)
    }

    /// Sends a request that libcurl signs; without keys it goes out unsigned.
    /// - Throws: as `send(_:)`; also where this libcurl would sign wrongly.
    public func send(_ request: SignedRequest, keys: SigningKeys?) async throws -> HTTPResponse {
        guard let keys else { return try await send(request.plain(sessionToken: nil)) }
        try CurlVersion.check(temporaryCredentials: keys.sessionToken?.isEmpty == false)
        let scope = "aws:amz:\(request.region):\(request.service)"
        return try await send(
            request.plain(sessionToken: keys.sessionToken), signature: .init(keys: keys, scope: scope))
    }

    private func send(
        _ request: HTTPRequest, signature: TransferOrder.Signature?
    ) async throws -> HTTPResponse {
        try Task.checkCancellation()
        let loop = try startedLoop()
        let id = nextID.add(1, ordering: .relaxed).newValue
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                loop.add(
                    TransferOrder(
                        id: id, request: request, signature: signature, configuration: configuration,
                        finish: { continuation.resume(with: $0) }))
            }
        } onCancel: {
            loop.cancel(id)
        }
    }

    private func startedLoop() throws -> TransferLoop {
        try loop.withLock { running in
            if let running { return running }
            let started = try TransferLoop()
            running = started
            return started
        }
    }
}
