import CommandLineKit
import Engine

/// `cloudrails image delete IMAGE`
struct ImageDelete: Command {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Delete an image with all its snapshots.",
        discussion: """
            AWS is asked first who still uses it: nodes that run from it go on, but launch templates and the like fail \
            afterwards. Snapshots that another image holds, or that cloudrails did not make, stay. A run that was cut \
            short is finished by the same command.
            """,
        examples: [
            .init("cloudrails image delete ami-0123456789abcdef0", "Asks for the id to be typed."),
            .init("cloudrails image delete ami-0123456789abcdef0 --yes --force", "Does not ask, even if it is in use."),
        ])

    @OptionGroup var global: GlobalOptions
    @OptionGroup var plan: PlanOptions

    @Argument(help: "The image's id or name.", valueName: "image", completion: .custom("images"))
    var image: String

    @Flag(help: "Even if something still uses it, or if it is public.")
    var force: Bool = false

    @Flag(short: "y", help: "Do not ask.")
    var yes: Bool = false

    func run(_ context: Context) async throws {
        try ImageHandle.validate(image)
        if !plan.dryRun { try context.requireAnswer(yes, flag: "--yes") }
        let session = try await Session.open(global, context)
        let found = try await session.environment.imageToDelete(named: image, force: force)
        if let found, !plan.dryRun, !yes {
            context.note("\(found.inWords) and \(found.snapshots.count) snapshots will be lost.")
            try context.confirm("There is no way back.", byTyping: image)
        }
        try await plan.run(session) { environment in
            let gone = try await environment.delete(found, named: image)
            if !environment.isPlan { try context.emit(gone) { gone.text } }
        }
    }
}

extension DeletedImage {
    var text: String {
        let kept = keptSnapshots.map { "\n\($0.id) stays: \($0.reason)." }.joined()
        let count = deletedSnapshots.count
        return "\(id) is gone, with \(count) snapshot\(count == 1 ? "" : "s").\(kept)"
    }
}
