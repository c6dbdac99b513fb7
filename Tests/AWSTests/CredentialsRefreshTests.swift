import Synchronization
import Testing

@testable import AWS

/// Hands out numbered keys that hold for a while, by a clock that a test sets.
private final class Source: Sendable {
    private let state = Mutex((now: 0.0, loads: 0, failing: false))
    let lifetime: Double?
    let delay: Duration

    init(lifetime: Double?, delay: Duration = .zero) {
        self.lifetime = lifetime
        self.delay = delay
    }

    var loads: Int { state.withLock { $0.loads } }

    func set(now: Double, failing: Bool = false) {
        state.withLock {
            $0.now = now
            $0.failing = failing
        }
    }

    var refreshing: RefreshingCredentials {
        RefreshingCredentials(now: { self.state.withLock { $0.now } }) {
            if self.delay > .zero { try await Task.sleep(for: self.delay) }
            let (now, number, failing) = self.state.withLock {
                $0.loads += 1
                return ($0.now, $0.loads, $0.failing)
            }
            if failing { throw ConfigurationError("fails", exitClass: .credentials) }
            return Credentials(
                accessKeyID: "A\(number)", secretAccessKey: "s3cr3t-role", expiration: self.lifetime.map { now + $0 },
                source: "test", renewal: "Do this.")
        }
    }

    /// Waits until the background refresh has run.
    func waitForLoads(_ count: Int) async throws {
        for _ in 0..<500 where loads < count { try await Task.sleep(for: .milliseconds(10)) }
        try await Task.sleep(for: .milliseconds(50))
    }
}

@Suite struct CredentialsRefreshTests {
    private let minute = 60.0

    @Test func keysWithoutEndAreGotOnce() async throws {
        let source = Source(lifetime: nil)
        let keys = source.refreshing
        #expect(try await keys.credentials().accessKeyID == "A1")
        source.set(now: 1e9)
        #expect(try await keys.credentials().accessKeyID == "A1")
        #expect(source.loads == 1)
    }

    @Test func aHundredCallersMakeOneRefresh() async throws {
        let source = Source(lifetime: 3600, delay: .milliseconds(50))
        let keys = source.refreshing
        func all() async throws -> Set<String> {
            try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 0..<100 { group.addTask { try await keys.credentials().accessKeyID } }
                return try await group.reduce(into: []) { $0.insert($1) }
            }
        }
        #expect(try await all() == ["A1"])
        source.set(now: 55 * minute)
        #expect(try await all() == ["A2"])
        #expect(source.loads == 2)
    }

    @Test func fifteenMinutesBeforeTheEndTheOldKeysServe() async throws {
        let source = Source(lifetime: 3600)
        let keys = source.refreshing
        _ = try await keys.credentials()
        source.set(now: 44 * minute)
        #expect(try await keys.credentials().accessKeyID == "A1")
        #expect(source.loads == 1)
        source.set(now: 46 * minute)
        #expect(try await keys.credentials().accessKeyID == "A1")
        try await source.waitForLoads(2)
        #expect(try await keys.credentials().accessKeyID == "A2")
    }

    @Test func aFailedAdvisoryRefreshKeepsTheOldKeys() async throws {
        let source = Source(lifetime: 3600)
        let keys = source.refreshing
        _ = try await keys.credentials()
        source.set(now: 46 * minute, failing: true)
        #expect(try await keys.credentials().accessKeyID == "A1")
        try await source.waitForLoads(2)
        #expect(try await keys.credentials().accessKeyID == "A1")
        #expect(source.loads == 2)
        source.set(now: 51 * minute, failing: true)
        let error = await failure { _ = try await keys.credentials() }
        #expect(error?.summary == "fails")
        source.set(now: 53 * minute)
        #expect(try await keys.credentials().accessKeyID == "A4")
    }

    @Test func keysThatAreShortLivedAreNotGotAtEveryCall() async throws {
        let source = Source(lifetime: 300)
        let keys = source.refreshing
        for _ in 0..<10 { #expect(try await keys.credentials().accessKeyID == "A1") }
        source.set(now: 2 * minute)
        #expect(try await keys.credentials().accessKeyID == "A2")
    }

    @Test func keysThatComeExpired() async throws {
        let source = Source(lifetime: -1)
        let error = await failure { _ = try await source.refreshing.credentials() }
        #expect(error?.summary == "the keys from test have expired")
        #expect(error?.fix == "Do this.")
        #expect(error?.exitClass == .credentials)
    }

    @Test func oneCancelledCallerDoesNotHarmTheOthers() async throws {
        let source = Source(lifetime: 3600, delay: .milliseconds(200))
        let keys = source.refreshing
        let first = Task { try await keys.credentials() }
        let second = Task { try await keys.credentials() }
        try await Task.sleep(for: .milliseconds(50))
        first.cancel()
        await #expect(throws: CancellationError.self) { try await first.value }
        #expect(try await second.value.accessKeyID.hasPrefix("A"))
    }
}
