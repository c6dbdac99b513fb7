/// Keeps credentials and gets new ones before they end.
///
/// From 15 minutes before the end new keys are got in the background while the old ones serve; from 10 minutes before, callers
/// wait for the new ones. However many ask, one refresh runs (botocore/credentials.py `RefreshableCredentials`).
public actor RefreshingCredentials: CredentialProviding {
    private static let advisory = 15.0 * 60
    private static let mandatory = 10.0 * 60
    /// Keys that are short-lived from the start, or a source that fails, are not asked for at every call.
    private static let betweenAttempts = 60.0

    private let load: @Sendable () async throws -> Credentials
    private let now: @Sendable () -> Double
    private var current: Credentials?
    private var refresh: Task<Credentials, any Error>?
    private var nextAttempt = 0.0

    /// Credentials from a function that gets them.
    /// - Parameter now: seconds since 1970.
    public init(now: @escaping @Sendable () -> Double, load: @escaping @Sendable () async throws -> Credentials) {
        self.now = now
        self.load = load
    }

    /// Credentials from the chain.
    public init(_ chain: CredentialChain) {
        self.init(now: chain.context.now) { try await chain.find() }
    }

    /// Keys that hold now.
    /// - Throws: `ConfigurationError` of class credentials, `AWSError`, `HTTPError`, `CancellationError`.
    public func credentials() async throws -> Credentials {
        guard let current, let end = current.expiration else { return try await currentOrFirst() }
        let remaining = end - now()
        if remaining > Self.advisory { return current }
        let mayAsk = refresh != nil || now() >= nextAttempt
        if remaining > Self.mandatory {
            if mayAsk { startRefresh() }
            return current
        }
        if remaining > 0, !mayAsk { return current }
        return try await renewed()
    }

    private func currentOrFirst() async throws -> Credentials {
        if let current { return current }
        return try await renewed()
    }

    /// Waits for the refresh that runs, or for one of its own.
    private func renewed() async throws -> Credentials {
        while true {
            let task = startRefresh()
            do {
                return try await withTaskCancellationHandler {
                    try await task.value
                } onCancel: {
                    task.cancel()
                }
            } catch is CancellationError where task.isCancelled {
                // Another caller's task was cancelled, and the refresh with it: this one still wants keys.
                try Task.checkCancellation()
            }
        }
    }

    @discardableResult private func startRefresh() -> Task<Credentials, any Error> {
        if let refresh { return refresh }
        nextAttempt = now() + Self.betweenAttempts
        let task = Task { try await self.finish(Result.of(self.load)) }
        refresh = task
        return task
    }

    private func finish(_ result: Result<Credentials, any Error>) throws -> Credentials {
        refresh = nil
        let fresh = try result.get()
        if let end = fresh.expiration, end <= now() { throw fresh.expired }
        current = fresh
        return fresh
    }
}

extension Result where Success: Sendable, Failure == any Error {
    fileprivate static func of(_ body: @Sendable () async throws -> Success) async -> Self {
        do { return .success(try await body()) } catch { return .failure(error) }
    }
}
