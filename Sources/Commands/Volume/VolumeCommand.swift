import CommandLineKit

/// `cloudrails volume`
struct VolumeCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "volume",
        abstract: "The data volumes of nodes.",
        examples: [.init("cloudrails volume list", "See what there is, and what it costs.")],
        subcommands: [
            VolumeList.self, VolumeGrow.self, VolumeSnapshotCommand.self, VolumeAttach.self, VolumeDetach.self,
            VolumeDelete.self,
        ])

    @OptionGroup var global: GlobalOptions
}
