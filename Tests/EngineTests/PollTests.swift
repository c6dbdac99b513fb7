import Testing

@testable import Engine

@Suite struct PollTests {
    @Test func looksUntilSomethingShows() async throws {
        var looks = 0
        let found = try await Patience.quick.poll(limit: nil) { () async throws -> Int? in
            looks += 1
            return looks == 30 ? looks : nil
        }
        #expect(found == 30)
    }

    @Test func looksOnceWithoutTime() async throws {
        var looks = 0
        let found = try await Patience.quick.poll(limit: .zero) { () async throws -> Int? in
            looks += 1
            return nil
        }
        #expect(found == nil && looks == 1)
    }

    @Test func endsWithTheLimit() async throws {
        var looks = 0
        let clock = ContinuousClock()
        let start = clock.now
        let found = try await Patience.quick.poll(limit: .milliseconds(30)) { () async throws -> Int? in
            looks += 1
            return nil
        }
        #expect(found == nil && looks > 1)
        #expect(clock.now - start >= .milliseconds(30))
    }

    @Test func anErrorEndsIt() async {
        await #expect(throws: FakeAWS.Unexpected.self) {
            try await Patience.quick.poll(limit: nil) { () async throws -> Int? in
                throw FakeAWS.Unexpected(action: "Look")
            }
        }
    }

    @Test func cancellationEndsIt() async {
        let waiting = Task { try await Patience().poll(limit: nil) { () async throws -> Int? in nil } }
        waiting.cancel()
        await #expect(throws: CancellationError.self) { try await waiting.value }
    }
}
