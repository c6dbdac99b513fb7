import ChainKit
import CommandLineKit
import Engine

/// `cloudrails image show IMAGE`
struct ImageShow: Command {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show one image: what is on it, how good it is, who may use it, and who does.",
        examples: [.init("cloudrails image show ami-0123456789abcdef0", "By its id; its name will do, too.")])

    @OptionGroup var global: GlobalOptions

    @Argument(help: "The image's id or name.", valueName: "image", completion: .custom("images"))
    var image: String

    func run(_ context: Context) async throws {
        try ImageHandle.validate(image)
        let session = try await Session.open(global, context)
        let shown = try await session.environment.describe(session.environment.image(named: image))
        try context.emit(shown) { Self.text(shown) }
    }

    private static func text(_ shown: ImageDetails) -> String {
        let image = shown.image
        let volumes = image.volumes.map { "\($0.device) \($0.sizeGiB) GiB \($0.snapshot ?? "")" }
        let rows: [(String, String?)] = [
            ("Image", image.id), ("Name", image.name), ("Target", image.target), ("Height", String(image.height)),
            ("Hash", image.hash), ("Client", image.client), ("Made", "\(image.made), \(image.ageDays()) days ago"),
            ("Arch", image.architecture.rawValue), ("State", image.state), ("Reason", image.stateReason),
            ("Data", data(image)), ("Owner", image.isOwn ? "\(image.owner) (this account)" : image.owner),
            ("Region", image.region), ("Public", image.isPublic ? "yes" : "no"),
            ("Shared", shown.sharedWith.joined(separator: ", ")), ("Used by", shown.usedBy.all.joined(separator: ", ")),
            ("Until", image.deprecated), ("Volumes", volumes.joined(separator: "\n          ")),
            ("Encrypted", image.isEncrypted ? "yes" : nil), ("Cost", image.cost),
        ]
        return rows.compactMap { label, value in
            guard let value, !value.isEmpty else { return nil }
            return label + String(repeating: " ", count: 10 - label.count) + value
        }.joined(separator: "\n")
    }

    private static func data(_ image: NodeImage) -> String {
        switch image.consistency {
        case .clean: "clean: nothing was writing"
        case .crash: "crash: as after a power cut, as a client was writing"
        case .sealing: "sealing: being made"
        case nil: "unknown: nobody says"
        }
    }
}
