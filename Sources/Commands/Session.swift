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
    /// - Parameter isHurried: for answers that are worth a moment only: the metadata service is asked for keys only on an EC2
    ///   instance, as anywhere else its silence costs a second, and no call is repeated.
    static func open(_ global: GlobalOptions, _ context: Context, isHurried: Bool = false) async throws -> Session {
        let userAgent = "cloudrails/\(Version.cloudrails)"
        var settings = try await Settings.load(
            environment: context.environment, profile: global.profile, region: global.region, home: home(context),
            http: { HTTPClient(.init(userAgent: userAgent)) })
        if isHurried {
            settings.maxAttempts = 1
            let isElsewhere = settings.metadata.endpoint != MetadataSettings().endpoint
            if !isElsewhere && !Settings.isInstance() { settings.metadata.isDisabled = true }
        }
        let http = HTTPClient(.init(caBundle: settings.caBundle, userAgent: userAgent))
        let chain = CredentialChain(settings: settings, context: credentialContext(context, settings, http))
        if global.debug { for origin in settings.origins { context.debug("debug: \(origin)") } }
        let isDebug = global.debug
        let client = AWSClient(settings: settings, credentials: RefreshingCredentials(chain), http: http) { call in
            if isDebug { context.debug(Session.line(call)) }
        }
        var environment = Engine.Environment(
            aws: client, region: settings.region, patience: try patience(context),
            events: { Session.show($0, context) })
        environment.trustedOwners = try TrustedOwners.read(context)
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
        // Within a short window several looks must fit.
        let pause = min(Patience().firstPause, .seconds(seconds / 4))
        return Patience(consistencyWindow: .seconds(seconds), firstPause: max(pause, .milliseconds(20)))
    }

    private static func line(_ call: CallRecord) -> String {
        let outcome = call.status.map(String.init) ?? "no answer"
        let attempt = call.attempt > 1 ? " attempt \(call.attempt)" : ""
        return "debug: \(call.service.rawValue) \(call.action) \(call.region)\(attempt) \(outcome) "
            + "\(Int(call.seconds * 1_000)) ms" + (call.requestID.map { " \($0)" } ?? "")
            + (call.failure.map { " \($0)" } ?? "")
    }

    private static func show(_ event: Event, _ context: Context) {
        switch event {
        case .began(let id, let title): context.steps.begin(id, title)
        case .progressed(let id, let detail): context.steps.update(id, detail)
        case .finished(let id, let detail): context.steps.finish(id, detail)
        case .failed(let id): context.steps.finish(id, "not finished", succeeded: false)
        case .note(let text): context.note(text)
        case .warning(let text): context.warn(text)
        }
    }
}

extension Context {
    /// Talk that was asked for with `--debug`.
    func debug(_ text: String) { steps.say(text) }
}
