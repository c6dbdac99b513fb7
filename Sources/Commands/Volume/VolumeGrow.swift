import CommandLineKit
import Engine

/// `cloudrails volume grow NAME`
struct VolumeGrow: Command {
    static let configuration = CommandConfiguration(
        commandName: "grow",
        abstract: "Make a data volume larger, and the file system on it, while the node runs.",
        discussion: """
            A volume never shrinks. AWS takes the next change of a volume only when this one is complete, which may take \
            hours, and only a few in a day, so grow by as much as the next months need. A run that was cut short is \
            finished by the same command.
            """,
        examples: [
            .init("cloudrails volume grow my-node --size 2000", "To 2000 GiB."),
            .init("cloudrails volume grow vol-0123456789abcdef0 --size 2000 --yes", "By its id, without asking."),
        ])

    @OptionGroup var global: GlobalOptions
    @OptionGroup var remote: RemoteOptions
    @OptionGroup var plan: PlanOptions

    @Argument(help: "The node's name, or the volume's id.", valueName: "name", completion: .custom("nodes"))
    var name: String

    @Option(help: "The new size, GiB.", valueName: "gib")
    var size: Int

    @Flag(short: "y", help: "Do not ask.")
    var yes: Bool = false

    func validate() throws {
        if !(1...65_536).contains(size) { throw UsageError("--size is 1 to 65536 GiB") }
    }

    func run(_ context: Context) async throws {
        try VolumeName.validate(name)
        if !plan.dryRun { try context.requireAnswer(yes, flag: "--yes") }
        let session = try await Session.open(global, context)
        let volume = try await session.environment.dataVolume(named: name)
        if volume.sizeGiB < size, !plan.dryRun, !yes {
            context.note("\(volume.id) of \(volume.node): \(volume.inWords), \(volume.cost ?? "price unknown")")
            try context.confirm("Grow it to \(size) GiB? It never shrinks again.")
        }
        try await plan.run(session, remote: remote) { environment in
            let grown = try await environment.grow(volume, to: size, via: remote.via)
            if !environment.isPlan { try context.emit(grown) { grown.text } }
        }
    }
}

extension GrownVolume {
    fileprivate var text: String {
        let what = "\(volume.id) of \(volume.node) \(isChanged ? "has" : "had") \(volume.sizeGiB) GiB\(cost)"
        switch fileSystem {
        case .grown: return "\(what), and so has its file system."
        case .growsAtStart: return "\(what); the file system follows when a machine starts on it."
        }
    }

    private var cost: String { volume.cost.map { ", \($0)" } ?? "" }
}
