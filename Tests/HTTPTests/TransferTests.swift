import HTTP
import TestSupport
import Testing

/// Whole answers, and every way in which none comes.
@Suite(.timeLimit(.minutes(1))) struct TransferTests {
    private let client = HTTPClient(.init(userAgent: "cloudrails-tests"))

    private func failure(_ request: HTTPRequest) async -> HTTPError? {
        await #expect(throws: HTTPError.self) { try await client.send(request) }
    }

    @Test func answersComeWhole() async throws {
        let body = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        let server = try LocalServer { _ in .answer(503, headers: ["X-Amzn-RequestId": "r-1"], body: body) }
        let response = try await client.send(HTTPRequest(.get, server.url + "/latest?a=b"))
        #expect(response.status == 503 && response.body == body)
        #expect(response.header("x-amzn-REQUESTID") == "r-1" && response.header("X-Other") == nil)
        #expect(server.requests.first?.path == "/latest?a=b")
    }

    @Test(arguments: [HTTPRequest.Method.get, .put, .post], [[], Array("b\u{f6}dy".utf8)])
    func methodsAndBodiesArrive(method: HTTPRequest.Method, body: [UInt8]) async throws {
        let server = try LocalServer { _ in .answer(200) }
        let request = HTTPRequest(method, server.url, headers: [("X-Ttl", "60")], body: body)
        _ = try await client.send(request)
        let arrived = try #require(server.requests.first)
        #expect(arrived.method == method.rawValue && arrived.values("X-Ttl") == ["60"])
        #expect(arrived.body == (method == .get ? [] : body))
    }

    /// libcurl asks before it sends a large body; what the server says to that is no part of the answer.
    @Test func anInterimAnswerIsLeftOut() async throws {
        let server = try LocalServer { _ in .answer(200, headers: ["X-Final": "yes"]) }
        let large = [UInt8](repeating: 0x61, count: 2_000_000)
        let response = try await client.send(HTTPRequest(.post, server.url, body: large))
        #expect(server.requests.first?.values("Expect") == ["100-continue"])
        #expect(response.header("X-Final") == "yes" && response.header("X-Interim") == nil)
        #expect(server.requests.first?.body == large)
    }

    @Test func packedAnswersAreUnpacked() async throws {
        let packed: [UInt8] = [
            0x1f, 0x8b, 0x08, 0, 0, 0, 0, 0, 0x02, 0xff, 0xcb, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00, 0x86, 0xa6, 0x10,
            0x36, 0x05, 0, 0, 0,
        ]
        let server = try LocalServer { _ in .answer(200, headers: ["Content-Encoding": "gzip"], body: packed) }
        let response = try await client.send(HTTPRequest(.get, server.url))
        #expect(String(decoding: response.body, as: UTF8.self) == "hello")
    }

    @Test func aRefusedConnectionWasNeverSent() async throws {
        // The port is bound and nobody listens on it by the time of the call.
        let port = try ListeningSocket(backlog: 1).port
        let error = await failure(HTTPRequest(.post, "http://127.0.0.1:\(port)"))
        #expect(error?.code == 7 && error?.neverSent == true)
        #expect(error?.message.contains("127.0.0.1") == true)
    }

    @Test(arguments: [(LocalServer.Reply.hangUp, 52), (.cut("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\npart"), 18)])
    func anAnswerThatIsCutLeavesTheOutcomeOpen(reply: LocalServer.Reply, code: Int) async throws {
        let server = try LocalServer { _ in reply }
        let error = await failure(HTTPRequest(.post, server.url, body: [1]))
        #expect(error?.code == code && error?.neverSent == false)
        #expect(server.requests.count == 1)
    }

    @Test func silenceEndsWithTheTimeLimit() async throws {
        let server = try LocalServer { _ in .silence }
        let error = await failure(HTTPRequest(.post, server.url, body: [1], timeouts: .init(connect: 5, total: 0.3)))
        #expect(error?.code == 28 && error?.neverSent == false)
        try await server.wait { $0.open == 0 }
    }

    /// The kernel completes no connection beyond the backlog, so the client never gets to send.
    @Test func aConnectionThatDoesNotStandWasNeverSent() async throws {
        let full = try ListeningSocket(backlog: 0)
        let url = "http://127.0.0.1:\(full.port)"
        let waiting = Task { try await client.send(HTTPRequest(.get, url, timeouts: .init(total: 30))) }
        try await Task.sleep(for: .milliseconds(100))
        var error: HTTPError?
        // How many fit is the kernel's choice: one or two.
        for _ in 0..<4 where error?.neverSent != true {
            error = await failure(HTTPRequest(.post, url, body: [1], timeouts: .init(connect: 0.3, total: 0.4)))
        }
        #expect(error?.code == 28 && error?.neverSent == true)
        waiting.cancel()
    }

    @Test(arguments: ["file:///etc/hostname", "ftp://127.0.0.1/", "gopher://127.0.0.1/"])
    func onlyHTTPIsSpoken(url: String) async {
        let error = await failure(HTTPRequest(.get, url))
        #expect(error?.code == 1 && error?.neverSent == true)
    }

    @Test func anAddressThatIsNoneIsRefused() async {
        let error = await failure(HTTPRequest(.get, "http://[::1/"))
        #expect(error?.code == 3 && error?.neverSent == true)
    }
}
