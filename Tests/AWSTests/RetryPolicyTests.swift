import Testing

@testable import AWS

/// What is done about a failure, as a table.
@Suite struct RetryPolicyTests {
    typealias Failure = RetryPolicy.Failure
    typealias Decision = RetryPolicy.Decision

    struct Case: CustomTestStringConvertible {
        var failure: Failure
        var repeatability: Repeatability
        var attempt: Int
        var expected: Decision
        var testDescription: String { "\(failure), \(repeatability), attempt \(attempt)" }
    }

    private static let every: [Repeatability] = [.always, .withToken, .never]

    private static let table: [Case] =
        every.flatMap { how -> [Case] in
            [
                // AWS did nothing and asks for patience: any call, many times, at no cost.
                Case(failure: .throttled, repeatability: how, attempt: 1, expected: .retry(after: 1, cost: 0)),
                Case(failure: .throttled, repeatability: how, attempt: 7, expected: .retry(after: 20, cost: 0)),
                Case(failure: .throttled, repeatability: how, attempt: 8, expected: .fail),
                // What never arrived may be sent again, whatever it is.
                Case(
                    failure: .neverSent(isTimeout: false), repeatability: how, attempt: 1,
                    expected: .retry(after: 1, cost: 5)),
                Case(
                    failure: .neverSent(isTimeout: true), repeatability: how, attempt: 2,
                    expected: .retry(after: 2, cost: 10)),
                Case(failure: .neverSent(isTimeout: true), repeatability: how, attempt: 3, expected: .fail),
                Case(failure: .final, repeatability: how, attempt: 1, expected: .fail),
            ]
        }
        + [Repeatability.always, .withToken].flatMap { how -> [Case] in
            [
                Case(
                    failure: .ambiguous(isTimeout: false), repeatability: how, attempt: 1,
                    expected: .retry(after: 1, cost: 5)),
                Case(
                    failure: .ambiguous(isTimeout: true), repeatability: how, attempt: 2,
                    expected: .retry(after: 2, cost: 10)),
                Case(failure: .ambiguous(isTimeout: false), repeatability: how, attempt: 3, expected: .fail),
            ]
        }
        + (1...3).flatMap { attempt -> [Case] in
            [
                Case(
                    failure: .ambiguous(isTimeout: false), repeatability: .never, attempt: attempt, expected: .unknown),
                Case(failure: .ambiguous(isTimeout: true), repeatability: .never, attempt: attempt, expected: .unknown),
            ]
        }

    @Test(arguments: table) func decides(about it: Case) {
        let policy = RetryPolicy(maxAttempts: 3)
        #expect(policy.decide(it.failure, it.repeatability, attempt: it.attempt, random: 1) == it.expected)
    }

    @Test func pausesAreSpread() {
        let policy = RetryPolicy(maxAttempts: 100, maxThrottledAttempts: 100)
        func pause(_ attempt: Int, _ random: Double) -> Double? {
            guard case .retry(let pause, _) = policy.decide(.throttled, .always, attempt: attempt, random: random)
            else {
                return nil
            }
            return pause
        }
        #expect(pause(3, 0) == 0)
        #expect(pause(3, 0.25) == 1)
        #expect(pause(99, 1) == 20)
    }

    @Test func oneAttemptIsTheLeast() {
        let policy = RetryPolicy(maxAttempts: 0)
        #expect(policy.decide(.neverSent(isTimeout: false), .always, attempt: 1, random: 1) == .fail)
        #expect(policy.decide(.throttled, .always, attempt: 1, random: 1) != .fail)
    }

    /// A user who asks for many attempts gets them for throttling too.
    @Test func moreAttemptsThanForThrottling() {
        let policy = RetryPolicy(maxAttempts: 12)
        #expect(policy.decide(.throttled, .never, attempt: 11, random: 1) == .retry(after: 20, cost: 0))
        #expect(policy.decide(.throttled, .never, attempt: 12, random: 1) == .fail)
    }
}
