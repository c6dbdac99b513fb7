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
            Images are looked for in your own account and region. Where AWS cannot be asked, the table is printed without \
            images, and why is said on stderr.
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
        let listing = ChainListing(
            region: images?.region, chains: ImageTable(images?.found ?? []).rows.map(ChainListing.Row.init))
        try context.emit(listing) { listing.table.text(for: context.stdout) }
    }

    /// A table without images is better than none: whatever is in the way is said, and the table printed.
    private func images(_ context: Context) async throws -> (region: String, found: [KnownImage])? {
        do {
            let session = try await Session.open(global, context, isHurried: true)
            let found = try await session.environment.ownImages()
            return (session.region, found.compactMap { KnownImage(id: $0.id, name: $0.name) })
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
    }

    /// Where images were looked for; nil where AWS was not asked, or did not answer.
    var region: String?
    var chains: [Row]

    var table: Table {
        Table(
            ["ID", "NODE", "NAME", "CLIENT", "INSTANCE", "DISK", "IMAGE", "HEIGHT", "CREATED"],
            chains.map { row in
                [
                    row.id, row.node, row.name,
                    row.validity == Validity.current.word ? row.client : "\(row.validity): \(row.client)",
                    row.instanceType, "\(row.diskGiB) GiB", row.image ?? "-", row.height.map(String.init) ?? "-",
                    row.created ?? "-",
                ]
            }, keeping: [0, 1, 5])
    }
}

extension ChainListing.Row {
    init(_ row: ImageTable.Row) {
        let profile = row.profile
        self.init(
            target: profile.target.description, id: profile.target.id, node: profile.target.node, name: profile.title,
            client: profile.clients,
            instanceType: profile.instanceTypes[profile.architecture]?.rawValue ?? "-",
            diskGiB: profile.disk.sizeGiB, validity: profile.validity.word, image: row.image?.id,
            height: row.image?.name.height, created: (row.image?.name.made).map(Self.date))
    }

    /// An image's name says `20261124T1000Z`; people and programs get `2026-11-24T10:00Z` (ISO 8601).
    private static func date(_ made: String) -> String {
        let parts = [(0, 4, "-"), (4, 6, "-"), (6, 8, ""), (8, 11, ":"), (11, 14, "")]
        let letters = Array(made)
        return parts.map { String(letters[$0.0..<$0.1]) + $0.2 }.joined()
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
