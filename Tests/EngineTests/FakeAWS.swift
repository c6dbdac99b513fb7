import Synchronization
import Testing

@testable import AWS

/// Stands for AWS: answers what a test has said, and nothing else. A call that was not expected fails the test.
final class FakeAWS: AWSCalling {
    enum Reply {
        /// A whole answer.
        case answer(_ body: String)
        /// A refusal.
        case refusal(_ code: String, _ message: String = "m", status: Int = 400)
        /// The answer to a call that must not be repeated was lost.
        case lost
    }

    struct Call: Sendable {
        var action: String
        var parameters: [String: String]
    }

    struct Unexpected: Error { var action: String }

    private struct State {
        var script: [String: [Reply]] = [:]
        var standing: [String: Reply] = [:]
        var calls: [Call] = []
    }

    private let state = Mutex(State())

    /// These answers in this order, once each.
    func expect<Operation: AWSOperation>(_: Operation.Type, _ replies: Reply...) {
        state.withLock { $0.script[Operation.action, default: []] += replies }
    }

    /// The same answer whenever nothing else is expected.
    func always<Operation: AWSOperation>(_: Operation.Type, _ reply: Reply) {
        state.withLock { $0.standing[Operation.action] = reply }
    }

    /// The calls so far.
    var calls: [Call] { state.withLock { $0.calls } }
    /// Their actions.
    var actions: [String] { calls.map(\.action) }
    /// How many values the filters of each call of an action have together.
    func filterValues<Operation: AWSOperation>(of _: Operation.Type) -> [Int] {
        calls.filter { $0.action == Operation.action }.map { call in
            call.parameters.keys.count { $0.hasPrefix("Filter.") && $0.contains(".Value.") }
        }
    }
    /// Answers that nobody asked for.
    var left: [String] { state.withLock { $0.script.filter { !$0.value.isEmpty }.map(\.key).sorted() } }

    func call<Operation: AWSOperation>(_ operation: Operation, region: String?) async throws -> Operation.Output {
        let action = Operation.action
        var parameters: [String: String] = [:]
        if case .form(let form) = operation.body() {
            for (name, value) in form.pairs { parameters[name] = value }
        }
        let reply = state.withLock { state in
            state.calls.append(Call(action: action, parameters: parameters))
            if state.script[action]?.isEmpty == false { return state.script[action]?.removeFirst() }
            return state.standing[action]
        }
        switch reply {
        case .answer(let body): return try Operation.output(from: Array(body.utf8))
        case .refusal(let code, let message, let status):
            throw AWSError(
                service: Operation.service, action: action, code: code, message: message, requestID: "r-1",
                status: status)
        case .lost:
            precondition(Operation.repeatability == .never, "\(action) is repeated, so its answer cannot be lost")
            throw OutcomeUnknown(action: action, cause: CancellationError())
        case nil:
            Issue.record("unexpected call: \(action) \(parameters)")
            throw Unexpected(action: action)
        }
    }
}
