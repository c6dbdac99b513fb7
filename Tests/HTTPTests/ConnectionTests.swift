import HTTP
import TestSupport
import Testing

/// Connections are used again, but for calls that must not be sent twice.
@Suite(.timeLimit(.minutes(1))) struct ConnectionTests {
    private let client = HTTPClient(.init(userAgent: "cloudrails-tests"))

    private func request(_ server: LocalServer, mayBeRepeated: Bool) -> HTTPRequest {
        var request = HTTPRequest(.post, server.url, body: [1])
        request.mayBeRepeated = mayBeRepeated
        return request
    }

    @Test func aCallThatMustNotBeRepeatedTakesAFreshConnection() async throws {
        let server = try LocalServer { _ in .answer(200) }
        for mayBeRepeated in [true, true, false, false] {
            _ = try await client.send(request(server, mayBeRepeated: mayBeRepeated))
        }
        let used = server.requests.map(\.connection)
        #expect(used[0] == used[1])
        #expect(Set(used).count == 3)
    }

    /// On a connection that it had used before, libcurl takes an end without an answer for one that came too early, and sends
    /// again by itself. This is why the calls above need a fresh one.
    @Test func libcurlRepeatsOnAUsedConnectionOnly() async throws {
        let server = try LocalServer { request in request.body == [2] ? .hangUp : .answer(200) }
        var hungUp = request(server, mayBeRepeated: true)
        hungUp.body = [2]
        _ = try await client.send(request(server, mayBeRepeated: true))
        await #expect(throws: HTTPError.self) { try await client.send(hungUp) }
        #expect(server.requests.count { $0.body == [2] } == 2)

        _ = try await client.send(request(server, mayBeRepeated: true))
        hungUp.mayBeRepeated = false
        let error = await #expect(throws: HTTPError.self) { try await client.send(hungUp) }
        #expect(error?.neverSent == false)
        #expect(server.requests.count { $0.body == [2] } == 3)
    }

    @Test func manyCallsAtOnceShareFewConnections() async throws {
        let server = try LocalServer { .answer(200, body: $0.body) }
        let bodies = (0..<400).map { Array("\($0)".utf8) }
        try await withThrowingTaskGroup(of: Bool.self) { [client] group in
            for body in bodies {
                let request = HTTPRequest(.post, server.url, body: body)
                group.addTask { try await client.send(request).body == body }
            }
            for try await isOwnAnswer in group { #expect(isOwnAnswer) }
        }
        #expect(server.requests.count == 400)
        #expect(server.accepted <= 32)
    }

    @Test func everyClientHasConnectionsOfItsOwn() async throws {
        let server = try LocalServer { _ in .answer(200) }
        _ = try await client.send(request(server, mayBeRepeated: true))
        _ = try await HTTPClient(.init(userAgent: "other")).send(request(server, mayBeRepeated: true))
        #expect(Set(server.requests.map(\.connection)).count == 2)
    }
}
