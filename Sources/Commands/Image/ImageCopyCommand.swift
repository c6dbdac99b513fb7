import CommandLineKit
import Engine

/// `cloudrails image copy IMAGE --to REGION`
struct ImageCopyCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "copy",
        abstract: "Copy an image to other regions, and wait until it can be launched there.",
        discussion: """
            AWS takes from minutes to hours, and bills the transfer. Ctrl-C leaves the wait, and the same command takes it \
            up again. A copy is private, whoever may use the image.
            """,
        examples: [
            .init("cloudrails image copy ami-0123456789abcdef0 --to eu-central-1", "To one region."),
            .init("cloudrails image copy ami-0123456789abcdef0 --to eu-central-1 --to us-west-2 --no-wait", "To two."),
        ])

    @OptionGroup var global: GlobalOptions
    @OptionGroup var plan: PlanOptions

    @Argument(help: "The image's id or name.", valueName: "image", completion: .custom("images"))
    var image: String

    @Option(help: "The region to copy it to. May be given several times.", valueName: "region")
    var to: [String]

    @Flag(help: "Do not wait until the copies are complete.")
    var noWait: Bool = false

    func validate() throws {
        if to.isEmpty { throw UsageError("--to is missing: the region to copy the image to") }
        if Set(to).count < to.count { throw UsageError("--to names a region twice") }
    }

    func run(_ context: Context) async throws {
        try ImageHandle.validate(image)
        let session = try await Session.open(global, context)
        guard !to.contains(session.region) else {
            throw UsageError("the image is in \(session.region) already", fix: "name other regions with --to")
        }
        let (environment, regions) = (session.environment, to)
        async let known: Void = environment.refuseUnknown(regions: regions)
        let found = try await environment.image(named: image)
        try await known
        try await plan.run(session) { environment in
            let copies = try await environment.copies(of: found, in: to, waits: !noWait)
            let listing = ImageCopies(source: found, copies: copies)
            if !environment.isPlan { try context.emit(listing) { listing.text } }
        }
    }
}

/// What `image copy --json` prints.
struct ImageCopies: Codable {
    var source: NodeImage
    var copies: [CopiedImage]

    var text: String {
        copies.map { "\($0.image.id) in \($0.image.region) is \($0.image.state)." }.joined(separator: "\n")
    }
}
