import CommandLineKit

/// `cloudrails image`
struct ImageCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "image",
        abstract: "Images of nodes, from which a new node starts at a block height.",
        examples: [
            .init("cloudrails image create my-node", "Make one."),
            .init("cloudrails image list", "See what there is, and what it costs."),
        ],
        subcommands: [
            ImageCreateCommand.self, ImageUpdateCommand.self, ImageList.self, ImageShow.self, ImageCopyCommand.self,
            ImageShare.self, ImagePublish.self, ImageUnpublish.self, ImageDeprecate.self, ImagePrune.self,
            ImageDelete.self, ImageTrust.self,
        ])

    @OptionGroup var global: GlobalOptions
}
