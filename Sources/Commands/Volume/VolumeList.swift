import CommandLineKit
import Engine

/// `cloudrails volume list`
struct VolumeList: Command {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the data volumes in a region, the kept ones included, with what they cost.",
        discussion: """
            A volume that 'node terminate' kept is marked so. It costs as much as before, until a node is launched on it \
            or it is deleted.
            """,
        examples: [
            .init("cloudrails volume list", "The volumes in the region of your profile."),
            .init("cloudrails volume list --kept", "Only those that no node has."),
        ])

    @OptionGroup var global: GlobalOptions

    @Flag(help: "Only volumes that no node has.")
    var kept: Bool = false

    func run(_ context: Context) async throws {
        let session = try await Session.open(global, context)
        let volumes = try await session.environment.dataVolumes().filter { !kept || $0.isKept }
        let listing = VolumeListing(region: session.region, pricesOf: DataVolume.pricesHeld, volumes: volumes)
        try context.emit(listing) { Self.table(volumes).text(for: context.stdout) }
        Self.explain(volumes, session)
    }

    private static func table(_ volumes: [DataVolume]) -> Table {
        Table(
            ["VOLUME", "NODE", "TARGET", "SIZE", "TYPE", "ZONE", "STATE", "COST"],
            volumes.map {
                [
                    $0.id, $0.node, $0.target, "\($0.sizeGiB) GiB", $0.type, $0.zone,
                    $0.isKept ? "kept" : "of \($0.instance ?? "")", $0.cost ?? "-",
                ]
            }, keeping: [0, 1, 7])
    }

    private static func explain(_ volumes: [DataVolume], _ session: Session) {
        let context = session.context
        guard !volumes.isEmpty else { return context.note("No data volume in \(session.region).") }
        context.note("Costs are about right: prices of \(DataVolume.pricesHeld), per month.")
        guard let first = volumes.first(where: \.isKept) else { return }
        context.note(
            "To go on with a kept volume: cloudrails node launch \(first.target) --volume \(first.id)\n"
                + "To delete it for good: cloudrails volume delete \(first.id)")
    }
}

/// What `volume list --json` prints.
struct VolumeListing: Codable {
    var region: String
    var pricesOf: String
    var volumes: [DataVolume]
}

extension DataVolume {
    /// `about $12.30 a month`; nil where the price is not known.
    var cost: String? { monthlyUSD.map { "about $\(Dollars.text($0)) a month" } }

    /// `200 GiB gp3 in us-east-2a`.
    var inWords: String { "\(sizeGiB) GiB \(type) in \(zone)" }
}
