import HTTP
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1))) struct CancellationTests {
    private let client = HTTPClient(.init(userAgent: "cloudrails-tests"))

    @Test func aTransferEndsAndClosesItsConnection() async throws {
        let server = try LocalServer { _ in .silence }
        let request = HTTPRequest(.post, server.url, body: [1], timeouts: .init(total: 600))
        let sending = Task { [client] in try await client.send(request) }
        try await server.wait { $0.requests.count == 1 }
        sending.cancel()
        await #expect(throws: CancellationError.self) { try await sending.value }
        try await server.wait { $0.open == 0 }
    }

    @Test func othersGoOn() async throws {
        let server = try LocalServer { $0.path == "/slow" ? .silence : .answer(200) }
        let slow = HTTPRequest(.get, server.url + "/slow", timeouts: .init(total: 600))
        let sending = (0..<8).map { _ in Task { [client] in try await client.send(slow) } }
        try await server.wait { $0.requests.count == 8 }
        for task in sending.dropFirst() { task.cancel() }
        for task in sending.dropFirst() {
            await #expect(throws: CancellationError.self) { try await task.value }
        }
        #expect(try await client.send(HTTPRequest(.get, server.url)).status == 200)
        #expect(sending[0].isCancelled == false)
        try await server.wait { $0.open <= 2 }
        sending[0].cancel()
    }

    @Test func whatIsCancelledBeforeItIsSentIsNotSent() async throws {
        let server = try LocalServer { _ in .answer(200) }
        let request = HTTPRequest(.get, server.url)
        let sending = Task { [client] in
            while !Task.isCancelled { await Task.yield() }
            return try await client.send(request)
        }
        sending.cancel()
        await #expect(throws: CancellationError.self) { try await sending.value }
        #expect(server.accepted == 0)
    }
}
