import Foundation
import HTTP
import Testing

/// TLS against `openssl s_server` with a certificate of its own.
@Suite(.timeLimit(.minutes(1))) struct CertificateTests {
    @Test func onlyKnownAuthoritiesAreTrusted() async throws {
        let folder = NSTemporaryDirectory() + "cloudrails-tls-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let certificate = "\(folder)/cert.pem"
        let make = openssl([
            "req", "-x509", "-newkey", "ed25519", "-nodes", "-keyout", "\(folder)/key.pem", "-out", certificate,
            "-days",
            "2", "-subj", "/CN=cloudrails test", "-addext", "subjectAltName=IP:127.0.0.1",
        ])
        make.standardError = FileHandle.nullDevice
        try make.run()
        make.waitUntilExit()
        try #require(make.terminationStatus == 0)

        let server = openssl([
            "s_server", "-accept", "127.0.0.1:0", "-www", "-cert", certificate, "-key", "\(folder)/key.pem",
        ])
        let output = Pipe()
        server.standardOutput = output
        server.standardError = FileHandle.nullDevice
        try server.run()
        defer { server.terminate() }
        let url = "https://127.0.0.1:\(try port(output.fileHandleForReading))/"

        let error = await #expect(throws: HTTPError.self) {
            try await HTTPClient(.init(userAgent: "t")).send(HTTPRequest(.post, url, body: [1]))
        }
        #expect(error?.code == 60 && error?.neverSent == true)
        let trusting = HTTPClient(.init(caBundle: certificate, userAgent: "t"))
        #expect(try await trusting.send(HTTPRequest(.get, url)).status == 200)
        let missing = HTTPClient(.init(caBundle: "\(folder)/none.pem", userAgent: "t"))
        let unread = await #expect(throws: HTTPError.self) { try await missing.send(HTTPRequest(.get, url)) }
        #expect(unread?.code == 77 && unread?.neverSent == true)
    }

    private func openssl(_ arguments: [String]) -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["openssl"] + arguments
        return process
    }

    /// Of the line `ACCEPT 127.0.0.1:43210`.
    private func port(_ output: FileHandle) throws -> Int {
        var text = ""
        while !text.contains("\n") || !text.contains("ACCEPT") {
            let bytes = output.availableData
            if bytes.isEmpty { break }
            text += String(decoding: bytes, as: UTF8.self)
        }
        let line = try #require(text.split(whereSeparator: \.isNewline).first { $0.hasPrefix("ACCEPT") })
        return try #require(line.split(separator: ":").last.flatMap { Int($0) })
    }
}
