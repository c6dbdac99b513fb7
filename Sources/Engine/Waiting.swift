import AWS

extension Patience {
    /// For what takes hours.
    var slow: Patience {
        Patience(
            consistencyWindow: consistencyWindow, iamPropagation: iamPropagation, firstPause: firstPause,
            longestPause: max(longestPause, .seconds(15)))
    }

    /// Looks again and again, with growing pauses, until something shows or the limit has passed.
    /// - Parameter limit: nil waits for as long as it takes.
    func poll<Value>(limit: Duration?, _ look: () async throws -> Value?) async throws -> Value? {
        let clock = ContinuousClock()
        let start = clock.now
        var pause = firstPause
        while true {
            if let value = try await look() { return value }
            if let limit, clock.now - start >= limit { return nil }
            try await Task.sleep(for: pause)
            pause = min(pause * 2, longestPause)
        }
    }
}

extension Environment {
    /// Makes a call that names something made a moment ago: AWS may not know it yet.
    func settled<Operation: AWSOperation>(_ operation: Operation) async throws -> Operation.Output {
        var last: AWSError?
        let output = try await patience.poll(limit: isPlan ? .zero : patience.consistencyWindow * 6) {
            do {
                return try await aws.call(operation)
            } catch let error as AWSError where error.kind == .notYetVisible {
                last = error
                return nil
            }
        }
        if let output { return output }
        throw last ?? OutcomeUnknown(action: Operation.action, cause: CancellationError())
    }

    /// Makes a thing that AWS gives no ClientToken for: one whose making may have taken effect is looked for over the
    /// consistency window before it is made again, and one that exists already is taken.
    /// - Parameters:
    ///   - duplicate: the error code with which AWS refuses a second thing of the same name; nil where names may repeat.
    ///   - find: looks for the thing, and returns only one that is ours.
    func makeOnce<Operation: AWSOperation>(
        _ operation: Operation, duplicate: String?, find: () async throws -> Operation.Output?
    ) async throws -> Operation.Output {
        for _ in 1...3 {
            do {
                return try await settled(operation)
            } catch is OutcomeUnknown {
                if let found = try await patience.poll(limit: patience.consistencyWindow, find) { return found }
            } catch let error as AWSError where error.code == duplicate {
                if let found = try await patience.poll(limit: patience.consistencyWindow, find) { return found }
                throw error
            }
        }
        throw Problem(
            "AWS answered none of three \(Operation.action) calls",
            cause: "and what they should have made does not show",
            fix: "run the same command again", kind: .tryLater)
    }
}

/// Repeats of calls that set a state: an answer that says "already so" is success.
func unlessAlready<Value>(_ codes: String..., work: () async throws -> Value) async throws -> Value? {
    do {
        return try await work()
    } catch let error as AWSError where codes.contains(error.code) {
        return nil
    }
}
