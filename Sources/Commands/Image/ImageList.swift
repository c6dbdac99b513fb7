import ChainKit
import CommandLineKit
import Engine

/// `cloudrails image list [TARGET]`
struct ImageList: Command {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the images of nodes in a region: your own, and those of accounts that you trust.",
        discussion: """
            DATA is 'clean', 'crash' where a client was writing, or 'sealing' while the image is being made. COST is at \
            most what the snapshots cost: AWS bills what was written, and once what several of them have in common.
            """,
        examples: [
            .init("cloudrails image list", "All in the region of your profile."),
            .init("cloudrails image list bitcoin.org/mainnet", "Those of one target."),
        ])

    @OptionGroup var global: GlobalOptions

    @Argument(help: "The target. Default: all.", valueName: "target", completion: .custom("targets"))
    var target: String?

    func run(_ context: Context) async throws {
        let wanted = try target.map { try TargetArgument.profile($0).target }
        let session = try await Session.open(global, context)
        let images = try await session.environment.images(of: wanted)
        let listing = ImageListing(region: session.region, pricesOf: NodeImage.pricesHeld, images: images)
        try context.emit(listing) { Self.table(images).text(for: context.stdout) }
        if images.isEmpty { return context.note("No image of a node in \(session.region).") }
        context.note("Costs are upper bounds: prices of \(NodeImage.pricesHeld), per month.")
    }

    private static func table(_ images: [NodeImage]) -> Table {
        Table(
            [
                "IMAGE", "TARGET", "HEIGHT", "AGE", "ARCH", "REGION", "PUBLIC", "DATA", "STATE", "SIZE", "COST",
                "OWNER",
            ],
            images.map { image in
                [
                    image.id, image.target, String(image.height), "\(image.ageDays()) days",
                    image.architecture.rawValue, image.region, image.isPublic ? "yes" : "no",
                    image.consistency?.rawValue ?? "-", image.isDeprecated() ? "deprecated" : image.state,
                    "\(image.sizeGiB) GiB", image.cost ?? "-", image.isOwn ? "self" : image.owner,
                ]
            }, keeping: [0, 2])
    }
}

/// What `image list --json` prints.
struct ImageListing: Codable {
    var region: String
    var pricesOf: String
    var images: [NodeImage]
}

extension NodeImage {
    /// `at most $12.30 a month`; nil where another account pays.
    var cost: String? { monthlyUSDAtMost.map { "at most $\(Dollars.text($0)) a month" } }

    /// `ami-0123… (bitcoin.org/signet at height 232000)`.
    var inWords: String { "\(id) (\(target) at height \(height))" }
}
