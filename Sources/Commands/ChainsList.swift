import AWS
import ChainKit
import ChainRegistry
import CommandLineKit
import Engine

/// `cloudrails chains list`
struct ChainsList: Command {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "The image table: every target with its newest image and that image's block height.",
        discussion: """
            Images are looked for in your region, in your own account and in those that you trust ('cloudrails image \
            trust'). DATA is 'clean', or 'crash' where a client was writing when the image was made. Where AWS cannot be \
            asked, the table is printed without images, and why is said on stderr.
            """,
        examples: [
            .init("cloudrails chains list", "The image table."),
            .init("cloudrails chains list --offline", "Without asking AWS."),
        ])

    @OptionGroup var global: GlobalOptions

    @Flag(help: "Do not ask AWS for images.")
    var offline: Bool = false

    func run(_ context: Context) async throws {
        let images = offline ? nil : try await images(context)
        let listing = ChainListing(region: images?.region, images: images?.found ?? [])
        try context.emit(listing) { listing.table.text(for: context.stdout) }
    }

    /// A table without images is better than none: whatever is in the way is said, and the table printed.
    private func images(_ context: Context) async throws -> (region: String, found: [NodeImage])? {
        do {
            let session = try await Session.open(global, context, isHurried: true)
            return (session.region, try await session.environment.images())
        } catch is CancellationError {
            throw CancellationError()
        } catch let error as ConfigurationError where error.isAbsence {
            context.note("No images are shown: \(error.summary). To set AWS up, see docs/aws-setup.md.")
        } catch {
            let reason = Diagnosis.of(error, region: global.region)
            context.warn(
                "No images are shown: \(reason.summary)" + (reason.cause.map { "\n  because: \($0)" } ?? "")
                    + (reason.fix.map { "\n  try: \($0)" } ?? ""))
        }
        return nil
    }
}

extension ConfigurationError {
    /// True where nothing is wrong, but nothing is set up: the usual state of a new user.
    fileprivate var isAbsence: Bool {
        file == nil && ["there are no AWS credentials", "no region is set"].contains(summary)
    }
}

/// What `chains list --json` prints.
struct ChainListing: Codable {
    struct Row: Codable {
        var target: String
        var id: String
        var node: String
        var name: String
        var client: String
        var instanceType: String
        var diskGiB: Int
        var validity: String
        var image: String?
        var height: Int?
        var created: String?
        var ageDays: Int?
        var imageRegion: String?
        var isPublic: Bool?
        var consistency: NodeImage.Consistency?
        var owner: String?
    }

    /// Where images were looked for; nil where AWS was not asked, or did not answer.
    var region: String?
    var chains: [Row]

    var table: Table {
        Table(
            [
                "ID", "NODE", "NAME", "CLIENT", "INSTANCE", "DISK", "IMAGE", "HEIGHT", "AGE", "REGION", "PUBLIC",
                "DATA",
            ],
            chains.map { row in
                [
                    row.id, row.node, row.name,
                    row.validity == Validity.current.word ? row.client : "\(row.validity): \(row.client)",
                    row.instanceType, "\(row.diskGiB) GiB", row.image ?? "-", row.height.map(String.init) ?? "-",
                    row.ageDays.map { "\($0) days" } ?? "-", row.imageRegion ?? "-",
                    row.isPublic.map { $0 ? "yes" : "no" } ?? "-", row.consistency?.rawValue ?? "-",
                ]
            }, keeping: [0, 1, 5], sparing: [2, 9, 3, 4])
    }
}

extension ChainListing {
    /// Every target with the newest of these images.
    init(region: String?, images: [NodeImage]) {
        self.init(
            region: region,
            chains: ChainRegistry.profiles.map { Row($0, image: images.newest(of: $0.target)) })
    }
}

extension ChainListing.Row {
    init(_ profile: any ChainProfile, image: NodeImage?) {
        self.init(
            target: profile.target.description, id: profile.target.id, node: profile.target.node, name: profile.title,
            client: profile.clients,
            instanceType: profile.instanceTypes[profile.architecture]?.rawValue ?? "-",
            diskGiB: profile.disk.sizeGiB, validity: profile.validity.word, image: image?.id, height: image?.height,
            created: image?.made, ageDays: image?.ageDays(), imageRegion: image?.region, isPublic: image?.isPublic,
            consistency: image?.consistency, owner: image?.owner)
    }
}

extension Validity {
    /// One word.
    var word: String {
        switch self {
        case .current: "current"
        case .outdated: "outdated"
        case .mustNotRun: "must not run"
        }
    }

    /// Why, where there is something to say.
    var reason: String? {
        switch self {
        case .current: nil
        case .outdated(let reason), .mustNotRun(let reason): reason
        }
    }
}
