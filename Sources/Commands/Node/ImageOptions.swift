import AWS
import ChainKit
import CommandLineKit
import Engine

/// What a new node's chain begins with.
struct ImageOptions: OptionGroupArguments {
    @Flag(help: "Never start from an image: sync the chain from its beginning.")
    var fresh: Bool = false

    @Option(
        help: "Start from this image, by id or name. Default: the newest of the target.", valueName: "image",
        completion: .custom("images"))
    var image: String?

    @Option(help: "Start from the image with the highest block up to this one.", valueName: "block")
    var height: Int?

    @Option(
        help: "Where this region has no such image, copy one from another region first: AWS takes from minutes to "
            + "hours, and bills the transfer.",
        valueName: "region")
    var copyImage: String?

    @Option(
        help: "MiB/s, 100 to 300, at which AWS fills the data volume from the image, for a one-time charge.",
        valueName: "mib")
    var initializationRate: Int?

    init() {}

    func validate() throws {
        let named = [("--fresh", fresh), ("--image", image != nil), ("--height", height != nil)].filter(\.1).map(\.0)
        if named.count > 1 { throw UsageError("\(named[0]) contradicts \(named[1])") }
        if fresh, copyImage != nil { throw UsageError("--fresh contradicts --copy-image") }
        if fresh, initializationRate != nil { throw UsageError("--fresh contradicts --initialization-rate") }
        if let height, height < 0 { throw UsageError("--height is 0 or more") }
    }

    /// True when the user said what the chain is to begin with.
    var isGiven: Bool { fresh || image != nil || height != nil || copyImage != nil || initializationRate != nil }

    /// Which image is meant.
    func choice() throws -> ImageChoice {
        if fresh { return .fresh }
        if let image {
            try ImageHandle.validate(image)
            return .named(image)
        }
        return height.map(ImageChoice.upTo) ?? .newest
    }
}

extension NodeImage {
    /// What people should know before they start from it.
    func inWords(account: String) -> String {
        let age = ageDays() == 1 ? "1 day old" : "\(ageDays()) days old"
        let whose = owner == account ? "your own" : "of account \(owner), which you trust"
        return "\(id): block \(height), \(age), \(whose), \(quality)"
    }

    private var quality: String {
        consistency == .crash ? "crash-consistent (its client was writing: it may have to repair its data)" : "clean"
    }
}
