import CommandLineKit
import Engine

/// `--dry-run` and `--check-permissions`, for every command that changes something.
struct PlanOptions: OptionGroupArguments {
    @Flag(short: "n", help: "Print the calls that would be made, and make none of those that change anything.")
    var dryRun: Bool = false

    @Flag(help: "With --dry-run: ask AWS for each call that knows DryRun whether it would be allowed.")
    var checkPermissions: Bool = false

    init() {}

    /// Refuses a question without a plan to ask about.
    func validate() throws {
        if checkPermissions && !dryRun { throw UsageError("--check-permissions goes with --dry-run") }
    }

    /// Runs a workflow, or the same workflow against a planner.
    /// - Parameter remote: how the workflow reaches into a node, if it does.
    func run(
        _ session: Session, remote: RemoteOptions? = nil, _ work: (Environment) async throws -> Void
    ) async throws {
        var environment = try remote?.environment(session) ?? session.environment
        guard dryRun else { return try await work(environment) }
        let planner = Planner(session.environment.aws, asksPermission: checkPermissions)
        environment.aws = planner
        environment.isPlan = true
        environment.events = { _ in }
        try await work(environment)
        let plan = Plan(calls: await planner.calls)
        try session.context.emit(plan) { plan.text }
    }
}

/// What `--dry-run` prints.
struct Plan: Codable {
    var calls: [PlannedCall]

    var text: String {
        guard !calls.isEmpty else { return "Nothing would be changed." }
        return calls.map(Self.line).joined(separator: "\n")
    }

    private static func line(_ call: PlannedCall) -> String {
        let parameters = call.parameters.sorted { $0.key < $1.key }
            .filter { !$0.key.contains("ClientToken") }
            .map { "\($0.key)=\(shortened($0.value))" }
        let permission = call.permission.map { " [\($0.rawValue)]" } ?? ""
        let place = call.region.map { " in \($0)" } ?? ""
        return "\(call.service) \(call.action)\(place)\(permission) " + parameters.joined(separator: " ")
    }

    private static func shortened(_ value: String) -> String {
        value.count <= 60 ? value : value.prefix(57) + "…"
    }
}
