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
            Images are looked for in your own account and region. Without credentials the table is printed without images.
            """,
        examples: [
            .init("cloudrails chains list", "The image table."),
            .init("cloudrails chains list --offline", "Without asking AWS."),
        ])

    @OptionGroup var global: GlobalOptions

    @Flag(help: "Do not ask AWS for images.")
    var offline: Bool = false

    func run(_ context: Context) async throws {
        let table = ImageTable(offline ? [] : await images(context))
        let rows = table.rows.map(ChainRow.init)
        try context.emit(rows) { Self.text(rows, context) }
    }

    private static func text(_ rows: [ChainRow], _ context: Context) -> String {
        Table(
            ["ID", "NODE", "NAME", "CLIENT", "INSTANCE", "DISK", "IMAGE", "HEIGHT", "CREATED"],
            rows.map { row in
                [
                    row.id, row.node, row.name, row.client, row.instanceType, "\(row.diskGiB) GiB", row.image ?? "-",
                    row.height.map(String.init) ?? "-", row.created ?? "-",
                ]
            }
        ).text(for: context.stdout)
    }

    /// A table without images is better than none: whatever is in the way is said, and the table printed.
    private func images(_ context: Context) async -> [KnownImage] {
        do {
            let session = try await Session.open(global, context)
            return try await session.environment.ownImages().compactMap { KnownImage(id: $0.id, name: $0.name) }
        } catch let error as ConfigurationError where error.exitClass == .credentials || error.file == nil {
            context.note("No images are shown: \(error.summary).")
        } catch {
            context.warn("No images are shown: \(Diagnosis.of(error, region: global.region).summary).")
        }
        return []
    }
}

/// A row of what `chains list --json` prints.
struct ChainRow: Codable {
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

    init(_ row: ImageTable.Row) {
        let profile = row.profile
        id = profile.target.id
        node = profile.target.node
        name = profile.title
        client = profile.releases.map { "\($0.client) \($0.version)" }.joined(separator: ", ")
        instanceType = profile.instanceTypes[profile.architecture]?.rawValue ?? "-"
        diskGiB = profile.disk.sizeGiB
        validity = profile.validity.word
        image = row.image?.id
        height = row.image?.name.height
        created = row.image?.name.made
        if case .current = profile.validity { return }
        client += " (\(validity))"
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
