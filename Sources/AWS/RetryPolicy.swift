/// When a call is made again, and after what pause: AWS's "standard" mode, as data
/// (https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html).
public struct RetryPolicy: Sendable {
    /// Attempts per call, the first included.
    public var maxAttempts: Int
    /// Attempts while AWS only asks for patience: a launch is worth more of it than a single call.
    public var maxThrottledAttempts: Int
    /// The longest pause, seconds.
    public var longestPause: Double

    /// AWS's own figures, but for throttling.
    public init(maxAttempts: Int = 3, maxThrottledAttempts: Int = 8, longestPause: Double = 20) {
        self.maxAttempts = max(1, maxAttempts)
        self.maxThrottledAttempts = max(maxThrottledAttempts, maxAttempts)
        self.longestPause = longestPause
    }

    /// What is to be done about a failure.
    enum Decision: Equatable {
        /// Try again after so many seconds, and take so much from the quota.
        case retry(after: Double, cost: Int)
        /// Give up, the failure being what it is.
        case fail
        /// Give up: the call may have taken effect.
        case unknown
    }

    /// Decides about a failure.
    /// - Parameters:
    ///   - attempt: 1 after the first.
    ///   - random: 0 to 1, so that many clients do not come back together.
    func decide(_ failure: Failure, _ repeatability: Repeatability, attempt: Int, random: Double) -> Decision {
        let pause = random * min(Double(1 << min(attempt - 1, 10)), longestPause)
        switch failure {
        case .throttled:
            return attempt < maxThrottledAttempts ? .retry(after: pause, cost: 0) : .fail
        case .neverSent(let isTimeout):
            return attempt < maxAttempts ? .retry(after: pause, cost: isTimeout ? 10 : 5) : .fail
        case .ambiguous(let isTimeout):
            if repeatability == .never { return .unknown }
            return attempt < maxAttempts ? .retry(after: pause, cost: isTimeout ? 10 : 5) : .fail
        case .final:
            return .fail
        }
    }

    /// What went wrong, as far as a retry depends on it.
    enum Failure: Equatable {
        /// AWS did nothing and asks for patience.
        case throttled
        /// The request never reached AWS.
        case neverSent(isTimeout: Bool)
        /// No answer, or a fault on AWS's side: nobody knows whether the call took effect.
        case ambiguous(isTimeout: Bool)
        /// AWS's answer stands.
        case final
    }
}

/// Keeps a client that meets failure everywhere from making it worse: retries cost, success pays back. The figures are
/// those of AWS's SDKs.
actor RetryQuota {
    private var left = 500

    func take(_ cost: Int) -> Bool {
        guard left >= cost else { return false }
        left -= cost
        return true
    }

    func refund(_ amount: Int) { left = min(500, left + amount) }
}
