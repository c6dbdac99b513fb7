import CommandLineKit
import Engine

/// How the client is ended first, for every command that takes a machine or a volume from it.
struct CleanStopOptions: OptionGroupArguments {
    @OptionGroup var remote: RemoteOptions

    @Flag(help: "Do not stop the client cleanly first: it may need hours of repair, or lose its data.")
    var force: Bool = false

    init() {}

    /// The client's end.
    var clean: CleanStop { force ? .forced : .cleanly(via: remote.via) }
}
