import ChainKit
import CommandLineKit
import Engine

/// `cloudrails image prune [TARGET] --keep N`
struct ImagePrune: Command {
    static let configuration = CommandConfiguration(
        commandName: "prune",
        abstract: "Delete old images, and keep the newest of each target and architecture.",
        discussion: """
            Only images that can be launched and are known to be whole count as kept, and deprecated ones only where there \
            is no other; if none of these is clean, the newest clean one stays too. Images that are being made, that are \
            public, or that something still uses stay in any case, unless you say otherwise. Snapshots that an interrupted \
            deletion has left go too.
            """,
        examples: [
            .init("cloudrails image prune --keep 2", "The newest two of every target stay."),
            .init("cloudrails image prune bitcoin.org/mainnet --keep 1 --dry-run", "See what would go."),
        ])

    @OptionGroup var global: GlobalOptions
    @OptionGroup var plan: PlanOptions

    @Argument(help: "The target. Default: all.", valueName: "target", completion: .custom("targets"))
    var target: String?

    @Option(help: "How many stay of each target and architecture.", valueName: "number")
    var keep: Int

    @Flag(help: "Public ones may go too.")
    var `public`: Bool = false

    @Flag(help: "Those that something still uses may go too.")
    var force: Bool = false

    @Flag(short: "y", help: "Do not ask.")
    var yes: Bool = false

    func validate() throws {
        if keep < 1 {
            throw UsageError("--keep is at least 1", fix: "cloudrails image delete IMAGE, to delete the last one")
        }
    }

    func run(_ context: Context) async throws {
        let wanted = try target.map { try TargetArgument.profile($0).target }
        if !plan.dryRun { try context.requireAnswer(yes, flag: "--yes") }
        let session = try await Session.open(global, context)
        let limits = PruneLimits(keep: keep, includesPublic: self.public, includesUsed: force)
        let pruning = try await session.environment.pruning(of: wanted, limits)
        if !pruning.deleted.isEmpty, !plan.dryRun {
            context.note("To be deleted: " + pruning.deleted.map(\.inWords).joined(separator: ", "))
            if !yes { try context.confirm("Delete them, with their snapshots?") }
        }
        try await plan.run(session) { environment in
            let deleted = try await environment.prune(pruning)
            guard !environment.isPlan else { return }
            let pruned = PrunedImages(deleted: deleted, kept: pruning.kept, leftSnapshots: pruning.leftSnapshots)
            try context.emit(pruned) { pruned.text }
        }
    }
}

/// What `image prune --json` prints.
struct PrunedImages: Codable {
    var deleted: [DeletedImage]
    var kept: [Pruning.Kept]
    var leftSnapshots: [String]

    var text: String {
        let left =
            leftSnapshots.isEmpty ? [] : ["\(leftSnapshots.joined(separator: ", ")): left by an earlier run, gone."]
        let lines = deleted.map(\.text) + left + kept.map { "\($0.image.inWords) stays: \($0.reason)." }
        return lines.isEmpty ? "There is no image of yours." : lines.joined(separator: "\n")
    }
}
