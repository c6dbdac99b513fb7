import AWS
import CommandLineKit
import Engine

/// `cloudrails image deprecate IMAGE`
struct ImageDeprecate: Command {
    static let configuration = CommandConfiguration(
        commandName: "deprecate",
        abstract: "Say from when on an image is not to be used any more.",
        discussion: """
            A deprecated image works as before, but others do not find it, and 'node launch' does not take it by itself. \
            AWS gives public images an end two years after they were made, which can only be moved forward.
            """,
        examples: [
            .init("cloudrails image deprecate ami-0123456789abcdef0 --after 90", "In 90 days, at midnight UTC."),
            .init("cloudrails image deprecate ami-0123456789abcdef0 --undo", "Never."),
        ])

    @OptionGroup var global: GlobalOptions
    @OptionGroup var plan: PlanOptions

    @Argument(help: "The image's id or name.", valueName: "image", completion: .custom("images"))
    var image: String

    @Option(help: "In so many days, at midnight UTC.", valueName: "days")
    var after: Int?

    @Option(help: "At this date or time, UTC, such as 2027-01-31 or 2027-01-31T12:00:00Z.", valueName: "date")
    var at: String?

    @Flag(help: "Take its end back.")
    var undo: Bool = false

    /// AWS takes no later end (EC2 EnableImageDeprecation).
    private static let mostDays = 3_650
    private static let day = 86_400.0

    func validate() throws {
        let given = [after != nil, at != nil, undo].count { $0 }
        guard given == 1 else { throw UsageError("one of --after, --at and --undo is wanted") }
        if let after, !(1...Self.mostDays).contains(after) {
            throw UsageError("--after is 1 to \(Self.mostDays) days")
        }
        if at != nil { _ = try end() }
    }

    func run(_ context: Context) async throws {
        try ImageHandle.validate(image)
        let end = try end()
        let session = try await Session.open(global, context)
        let found = try await session.environment.image(named: image)
        try await plan.run(session) { environment in
            let done = try await environment.deprecate(found, at: end)
            if !environment.isPlan { try context.emit(done) { done.text } }
        }
    }

    /// Seconds since 1970; nil for none.
    private func end() throws -> Double? {
        let now = Timestamp.now()
        if let after { return ((now / Self.day).rounded(.down) + Double(after)) * Self.day }
        guard let at else { return nil }
        guard let end = Timestamp.seconds(at.contains("T") ? at : "\(at)T00:00:00Z") else {
            throw UsageError("--at is a date such as 2027-01-31 or 2027-01-31T12:00:00Z, not '\(at)'")
        }
        guard (now...now + Double(Self.mostDays) * Self.day).contains(end) else {
            throw UsageError("--at lies in the past, or more than \(Self.mostDays) days ahead")
        }
        return end
    }
}

extension DeprecatedImage {
    fileprivate var text: String {
        let end = image.deprecated.map { "is deprecated from \($0) on" } ?? "has no end"
        return "\(image.inWords) \(end)\(isChanged ? "" : ", as before")."
    }
}
