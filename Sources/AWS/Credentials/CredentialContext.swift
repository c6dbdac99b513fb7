public import HTTP

/// Whatever sends an unsigned request; `HTTPClient`, or a stand-in in a test.
public protocol HTTPSending: Sendable {
    /// Sends a request and waits for the whole answer.
    /// - Throws: `HTTPError` when no answer came, `CancellationError` when the task was cancelled.
    func send(_ request: HTTPRequest) async throws -> HTTPResponse
}

extension HTTPClient: HTTPSending {}

/// What the sources of credentials need from outside; nothing in them reads the process's own state.
public struct CredentialContext: Sendable {
    /// Asks the person at the terminal for a code, which is not echoed. The argument is the question.
    public typealias Prompt = @Sendable (_ question: String) async throws -> String
    /// Runs a program, found along `PATH`, without a shell.
    public typealias ProcessRunner =
        @Sendable (_ words: [String], _ environment: [String: String]) async throws ->
        ProcessOutput

    /// Environment variables.
    public var environment: [String: String]
    /// The user's home directory, where `.aws/sso/cache` is looked for.
    public var home: String
    /// Reaches the sign-in, container and metadata services.
    public var http: any HTTPSending
    /// Makes the calls that hand out a role's keys.
    var tokens: any TokenService
    /// Asks for the code of an MFA device; nil where there is no terminal.
    public var prompt: Prompt?
    /// Runs `credential_process`.
    public var run: ProcessRunner
    /// Seconds since 1970.
    public var now: @Sendable () -> Double
    /// Waits for some seconds between two attempts.
    var pause: @Sendable (Double) async throws -> Void

    /// The outside world as it is, reached through one HTTP client.
    public init(
        environment: [String: String], home: String, settings: Settings, http: HTTPClient, prompt: Prompt?,
        run: @escaping ProcessRunner = ChildProcess.run, now: @escaping @Sendable () -> Double = Timestamp.now
    ) {
        self.init(
            environment: environment, home: home, http: http,
            tokens: SecurityTokenService(settings: settings, http: http), prompt: prompt, run: run, now: now,
            pause: { try await Task.sleep(for: .seconds($0)) })
    }

    init(
        environment: [String: String], home: String, http: any HTTPSending, tokens: any TokenService, prompt: Prompt?,
        run: @escaping ProcessRunner, now: @escaping @Sendable () -> Double,
        pause: @escaping @Sendable (Double) async throws -> Void
    ) {
        self.environment = environment
        self.home = home
        self.http = http
        self.tokens = tokens
        self.prompt = prompt
        self.run = run
        self.now = now
        self.pause = pause
    }
}
