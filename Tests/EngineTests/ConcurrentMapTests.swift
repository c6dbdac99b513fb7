import Synchronization
import Testing

@testable import Engine

@Suite struct ConcurrentMapTests {
    @Test func resultsComeInOrder() async throws {
        let doubled = try await (0..<50).concurrentMap { number in
            try await Task.sleep(for: .microseconds(50 - number))
            return number * 2
        }
        #expect(doubled == (0..<50).map { $0 * 2 })
    }

    /// Every element waits until the last one has begun.
    @Test(.timeLimit(.minutes(1))) func elementsRunSideBySide() async throws {
        let begun = Mutex(0)
        let waited = try await (0..<20).concurrentMap { number in
            begun.withLock { $0 += 1 }
            while begun.withLock({ $0 }) < 20 { try await Task.sleep(for: .milliseconds(1)) }
            return number
        }
        #expect(waited.count == 20)
    }

    @Test func anErrorGoesThrough() async {
        await #expect(throws: FakeAWS.Unexpected.self) {
            try await (0..<3).concurrentMap { number in
                guard number != 1 else { throw FakeAWS.Unexpected(action: "A") }
                return number
            }
        }
    }
}
