import AWS
import CommandLineKit
import Engine
import Foundation
import HTTP

/// AWS, as one run of the tool sees it. Nothing is opened before a command asks for it.
struct Session {
    let context: Context
    let settings: Settings
    let http: HTTPClient
    let environment: Engine.Environment

    /// The region that is worked in.
    var region: String { settings.region }

    /// Reads settings and prepares the client; the first call opens the first connection.
    static func open(_ global: GlobalOptions, _ context: Context) async throws -> Session {
        let userAgent = "cloudrails/\(Version.cloudrails)"
        let settings = try await Settings.load(
            environment: context.environment, profile: global.profile, region: global.region, home: home(context),
            http: { HTTPClient(.init(userAgent: userAgent)) })
        let http = HTTPClient(.init(caBundle: settings.caBundle, userAgent: userAgent))
        let chain = CredentialChain(settings: settings, context: credentialContext(context, settings, http))
        if global.debug { for origin in settings.origins { context.debug("debug: \(origin)") } }
        let isDebug = global.debug
        let client = AWSClient(settings: settings, credentials: RefreshingCredentials(chain), http: http) { call in
            if isDebug { context.debug(Session.line(call)) }
        }
        let environment = Engine.Environment(
            aws: client, region: settings.region, patience: try patience(context),
            events: { Session.show($0, context.steps, isQuiet: context.isQuiet) })
        return Session(context: context, settings: settings, http: http, environment: environment)
    }

    static func home(_ context: Context) -> String { context.environment["HOME"] ?? NSHomeDirectory() }

    private static func credentialContext(
        _ context: Context, _ settings: Settings, _ http: HTTPClient
    ) -> CredentialContext {
        CredentialContext(
            environment: context.environment, home: home(context), settings: settings, http: http,
            prompt: context.canAsk ? { @Sendable question in context.ask(question) } : nil)
    }

    /// `CLOUDRAILS_CONSISTENCY_WINDOW`: seconds for which AWS may not show what it made.
    private static func patience(_ context: Context) throws -> Patience {
        guard let text = context.environment["CLOUDRAILS_CONSISTENCY_WINDOW"], !text.isEmpty else { return Patience() }
        guard let seconds = Double(text), (0...600).contains(seconds) else {
            throw Problem(
                "CLOUDRAILS_CONSISTENCY_WINDOW is '\(text)'", cause: "it is a number of seconds, 0 to 600",
                fix: "unset CLOUDRAILS_CONSISTENCY_WINDOW", kind: .usage)
        }
        return Patience(consistencyWindow: .seconds(seconds))
    }

    private static func line(_ call: CallRecord) -> String {
        let outcome = call.status.map(String.init) ?? "no answer"
        let attempt = call.attempt > 1 ? " attempt \(call.attempt)" : ""
        return "debug: \(call.service.rawValue) \(call.action) \(call.region)\(attempt) \(outcome) "
            + "\(Int(call.seconds * 1_000)) ms" + (call.requestID.map { " \($0)" } ?? "")
            + (call.failure.map { " \($0)" } ?? "")
    }

    private static func show(_ event: Event, _ steps: Steps, isQuiet: Bool) {
        switch event {
        case .began(let id, let title): steps.begin(id, title)
        case .progressed(let id, let detail): steps.update(id, detail)
        case .finished(let id, let detail): steps.finish(id, detail)
        case .failed(let id): steps.finish(id, "not done", succeeded: false)
        case .note(let text): if !isQuiet { steps.say(text) }
        case .warning(let text): steps.say("warning: \(text)")
        }
    }
}

extension Context {
    /// Talk that was asked for with `--debug`.
    func debug(_ text: String) { steps.say(text) }
}
