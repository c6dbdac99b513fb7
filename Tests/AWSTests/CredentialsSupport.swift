import Foundation
import HTTP
import Synchronization

@testable import AWS

/// Secrets that no error text may hold; every fake hands out these and nothing else.
let secrets = [
    "s3cr3t-env", "s3cr3t-file", "s3cr3t-token", "s3cr3t-role", "s3cr3t-bearer", "s3cr3t-refresh", "s3cr3t-client",
    "s3cr3t-process",
]

/// A home directory of its own, gone with the test.
final class TestHome: Sendable {
    let path: String

    init(config: String = "", credentials: String = "") throws {
        path = NSTemporaryDirectory() + "cloudrails-test-\(UUID().uuidString)"
        if !config.isEmpty { try write(".aws/config", config) }
        if !credentials.isEmpty { try write(".aws/credentials", credentials) }
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func write(_ name: String, _ text: String) throws {
        let url = URL(fileURLWithPath: "\(path)/\(name)")
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
    }

    func read(_ name: String) throws -> String { try String(contentsOfFile: "\(path)/\(name)", encoding: .utf8) }

    /// Where the token of a sign-in is kept; the name is that of the session, or the start URL.
    func ssoCache(_ name: String) -> String { ".aws/sso/cache/\(CredentialChain.cacheFile(name))" }

    func settings(
        _ environment: [String: String] = [:], profile: String? = nil, region: String? = "us-east-2"
    ) throws -> Settings {
        try Settings.load(environment: environment, profile: profile, region: region, home: path)
    }
}

/// Answers requests by a function and keeps them.
final class FakeHTTP: HTTPSending {
    private let answer: @Sendable (HTTPRequest) throws -> HTTPResponse
    private let kept = Mutex<[HTTPRequest]>([])

    init(_ answer: @escaping @Sendable (HTTPRequest) throws -> HTTPResponse) { self.answer = answer }

    /// A machine where nobody answers.
    static var silent: FakeHTTP {
        FakeHTTP { _ in throw HTTPError(code: 28, message: "timed out", neverSent: true) }
    }

    var requests: [HTTPRequest] { kept.withLock { $0 } }

    func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        kept.withLock { $0.append(request) }
        return try answer(request)
    }
}

/// Gives out keys named after the role, and keeps what it was asked.
final class FakeTokens: TokenService {
    struct Asked: Equatable {
        var request: RoleRequest
        var by: String
    }

    private let kept = Mutex<[Asked]>([])
    private let refusal: AWSError?

    init(refusal: AWSError? = nil) { self.refusal = refusal }

    var asked: [Asked] { kept.withLock { $0 } }

    func assumeRole(_ request: RoleRequest, with credentials: Credentials) async throws -> IssuedKeys {
        try answer(Asked(request: request, by: credentials.accessKeyID))
    }

    func assumeRole(_ request: RoleRequest, webIdentityToken: String) async throws -> IssuedKeys {
        try answer(Asked(request: request, by: webIdentityToken))
    }

    private func answer(_ asked: Asked) throws -> IssuedKeys {
        kept.withLock { $0.append(asked) }
        if let refusal { throw refusal }
        let name = asked.request.roleARN.split(separator: "/").last.map(String.init) ?? ""
        return IssuedKeys(
            accessKeyID: "ASIA-\(name)", secretAccessKey: "s3cr3t-role", sessionToken: "s3cr3t-token",
            expiration: 10_000)
    }
}

extension TestHome {
    /// A chain in this home at second 1000, where nobody asks, runs or answers unless a test says so.
    func chain(
        _ environment: [String: String] = [:], profile: String? = nil, http: any HTTPSending = FakeHTTP.silent,
        tokens: any TokenService = FakeTokens(), prompt: CredentialContext.Prompt? = nil,
        run: @escaping CredentialContext.ProcessRunner = ChildProcess.run, now: Double = 1000
    ) throws -> CredentialChain {
        let context = CredentialContext(
            environment: environment, home: path, http: http, tokens: tokens, prompt: prompt, run: run, now: { now },
            pause: { _ in })
        return CredentialChain(settings: try settings(environment, profile: profile), context: context)
    }
}

/// The error that a call throws; its text is searched for secrets.
func failure(_ body: () async throws -> Void) async -> ConfigurationError? {
    do {
        try await body()
        return nil
    } catch let error as ConfigurationError {
        var dumped = ""
        dump(error, to: &dumped)
        let leaked = secrets.first { "\(error)\(dumped)".contains($0) }
        return leaked.map { ConfigurationError("leaks \($0)") } ?? error
    } catch {
        return ConfigurationError("another error: \(error)")
    }
}
