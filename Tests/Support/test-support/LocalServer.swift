import Foundation
import Synchronization

/// A small HTTP/1.1 server on a free loopback port. It answers by a function and keeps what came; a connection stays open
/// from request to request, and each has a thread of its own.
public final class LocalServer: Sendable {
    /// A request as it came over the wire.
    public struct Request: Sendable {
        /// The number of the connection that it came on, from 1.
        public var connection: Int
        /// `POST`.
        public var method: String
        /// The request target, such as `/`.
        public var path: String
        /// Header fields as they came, in order.
        public var headers: [(name: String, value: String)]
        /// The body.
        public var body: [UInt8]

        /// A request from its parts.
        public init(
            connection: Int = 0, method: String, path: String, headers: [(name: String, value: String)],
            body: [UInt8] = []
        ) {
            self.connection = connection
            self.method = method
            self.path = path
            self.headers = headers
            self.body = body
        }

        /// All values of a header field; names compare without case.
        public func values(_ name: String) -> [String] {
            headers.filter { $0.name.lowercased() == name.lowercased() }.map(\.value)
        }
    }

    /// What the server does about a request.
    public enum Reply: Sendable {
        /// Answers whole; the connection stays open.
        case answer(_ status: Int, headers: [String: String] = [:], body: [UInt8] = [])
        /// Sends these bytes as they are, then closes the connection.
        case cut(_ bytes: String)
        /// Closes the connection without a word.
        case hangUp
        /// Says nothing until the other side closes the connection.
        case silence
    }

    private let connections: Connections

    /// Starts to listen.
    /// - Parameter handler: answers each request; called on the connection's thread.
    public init(_ handler: @escaping @Sendable (Request) -> Reply) throws {
        connections = Connections(try ListeningSocket(backlog: 128), handler)
        let thread = Thread { [connections] in connections.accept() }
        thread.start()
    }

    deinit { connections.stop() }

    /// `http://127.0.0.1:<port>`.
    public var url: String { "http://127.0.0.1:\(connections.listening.port)" }
    /// What came so far, in the order in which it was whole.
    public var requests: [Request] { connections.state.withLock { $0.requests } }
    /// How many connections were accepted so far.
    public var accepted: Int { connections.state.withLock { $0.accepted } }
    /// How many connections are open.
    public var open: Int { connections.state.withLock { $0.open.count } }

    /// Waits until something about the server is so; the test's own time limit ends it.
    public func wait(until isSo: (LocalServer) -> Bool) async throws {
        while !isSo(self) { try await Task.sleep(for: .milliseconds(5)) }
    }
}

/// A TCP socket that listens on a free port of the loopback interface.
public final class ListeningSocket: Sendable {
    /// The file descriptor.
    let descriptor: Int32
    /// The port that the kernel chose.
    public let port: UInt16

    /// Binds and listens.
    /// - Parameter backlog: connections that the kernel completes before they are accepted.
    public init(backlog: Int32) throws {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        self.descriptor = descriptor
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isListening = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 && listen(descriptor, backlog) == 0
                    && getsockname(descriptor, $0, &length) == 0
            }
        }
        guard isListening else { throw POSIXError(.init(rawValue: errno) ?? .EIO) }
        port = UInt16(bigEndian: address.sin_port)
    }

    deinit { close(descriptor) }
}

/// The connections of a server. Their threads hold this and not the server, so that the server ends with its test.
private final class Connections: Sendable {
    struct State {
        var requests: [LocalServer.Request] = []
        var accepted = 0
        var open: Set<Int32> = []
        var isStopped = false
    }

    let listening: ListeningSocket
    let state = Mutex(State())
    private let handler: @Sendable (LocalServer.Request) -> LocalServer.Reply

    init(_ listening: ListeningSocket, _ handler: @escaping @Sendable (LocalServer.Request) -> LocalServer.Reply) {
        self.listening = listening
        self.handler = handler
    }

    func accept() {
        while true {
            let descriptor = Glibc.accept(listening.descriptor, nil, nil)
            guard descriptor >= 0 else { return }
            _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
            let number = state.withLock { state in
                state.accepted += 1
                if !state.isStopped { state.open.insert(descriptor) }
                return state.isStopped ? 0 : state.accepted
            }
            let thread = Thread { [self] in
                if number > 0 { serve(Wire(descriptor: descriptor), number) }
                _ = state.withLock { $0.open.remove(descriptor) }
                close(descriptor)
            }
            thread.start()
        }
    }

    func stop() {
        state.withLock { state in
            state.isStopped = true
            shutdown(listening.descriptor, Int32(SHUT_RDWR))
            for descriptor in state.open { shutdown(descriptor, Int32(SHUT_RDWR)) }
        }
    }

    private func serve(_ wire: Wire, _ number: Int) {
        var wire = wire
        while let request = wire.request(number) {
            state.withLock { $0.requests.append(request) }
            switch handler(request) {
            case .answer(let status, let headers, let body):
                let fields = headers.map { "\($0.key): \($0.value)\r\n" }.joined()
                let head = "HTTP/1.1 \(status) Status\r\n\(fields)Content-Length: \(body.count)\r\n\r\n"
                wire.send(Array(head.utf8) + body)
            case .cut(let bytes): return wire.send(Array(bytes.utf8))
            case .hangUp: return
            case .silence: return wire.waitForEnd()
            }
        }
    }
}

/// One connection: reads requests, writes bytes.
private struct Wire {
    let descriptor: Int32
    private var buffer: [UInt8] = []

    init(descriptor: Int32) { self.descriptor = descriptor }

    /// The next request; nil when the other side has closed the connection.
    mutating func request(_ number: Int) -> LocalServer.Request? {
        let end = Array("\r\n\r\n".utf8)
        while buffer.firstRange(of: end) == nil { guard receive() else { return nil } }
        guard let range = buffer.firstRange(of: end) else { return nil }
        let lines = String(decoding: buffer[..<range.lowerBound], as: UTF8.self).split(separator: "\r\n")
        buffer.removeSubrange(..<range.upperBound)
        let words = lines.first?.split(separator: " ").map(String.init) ?? []
        guard words.count == 3 else { return nil }
        let headers = lines.dropFirst().compactMap { line -> (name: String, value: String)? in
            guard let colon = line.firstIndex(of: ":") else { return nil }
            return (String(line[..<colon]), line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces))
        }
        var request = LocalServer.Request(connection: number, method: words[0], path: words[1], headers: headers)
        if !request.values("Expect").isEmpty { send(Array("HTTP/1.1 100 Continue\r\nX-Interim: yes\r\n\r\n".utf8)) }
        let length = request.values("Content-Length").first.flatMap { Int($0) } ?? 0
        while buffer.count < length { guard receive() else { return nil } }
        request.body = Array(buffer.prefix(length))
        buffer.removeFirst(length)
        return request
    }

    func send(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }

    func waitForEnd() {
        var byte: UInt8 = 0
        while recv(descriptor, &byte, 1, 0) > 0 {}
    }

    private mutating func receive() -> Bool {
        var bytes = [UInt8](repeating: 0, count: 65_536)
        let count = recv(descriptor, &bytes, bytes.count, 0)
        guard count > 0 else { return false }
        buffer += bytes.prefix(count)
        return true
    }
}
