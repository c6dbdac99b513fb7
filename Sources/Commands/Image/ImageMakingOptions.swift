import ChainKit
import CommandLineKit
import Engine

/// What an image is to be, and what is done with it.
struct ImageMakingOptions: OptionGroupArguments {
    @OptionGroup var remote: RemoteOptions

    @Option(
        help: "A word at the end of the image's name: letters, digits, dots, hyphens and underscores.",
        valueName: "word")
    var nameSuffix: String?

    @Flag(help: "Let everybody launch it, and use its snapshots.")
    var `public`: Bool = false

    @Option(
        help: "Copy it to this region too, for which AWS bills the transfer; the copy is this account's alone. May be "
            + "given several times.",
        valueName: "region")
    var copyTo: [String]

    @Flag(
        help: "Do not stop the client: data as after a power cut, and the node's keys on the image, which says so.")
    var crashConsistent: Bool = false

    @Option(
        help: "A file on the node that looks like a wallet and may be on the image. May be given several times.",
        valueName: "file")
    var allow: [String]

    @Flag(help: "Another one, even if one was begun or made a moment ago.")
    var new: Bool = false

    init() {}

    /// Longer ones leave no room for the rest of the name.
    private static let longestSuffix = 24

    func validate() throws {
        if let nameSuffix, !ImageName.isSuffix(nameSuffix) || nameSuffix.count > Self.longestSuffix {
            throw UsageError(
                "--name-suffix is at most \(Self.longestSuffix) letters, digits and .-_, not '\(nameSuffix)'")
        }
        if self.public && crashConsistent {
            throw UsageError("--public contradicts --crash-consistent: everybody could read the node's keys")
        }
        if Set(copyTo).count < copyTo.count { throw UsageError("--copy-to names a region twice") }
        if !ImageRequest(allowed: allow).canNoteAllowed {
            throw UsageError("the files of --allow are too many to be noted on the image", fix: "name their folder")
        }
        if let file = allow.first(where: { !$0.hasPrefix("/") }) {
            throw UsageError("--allow is a file's whole path on the node, not '\(file)'")
        }
    }

    static func validate(keep: Int) throws {
        if keep < 1 { throw UsageError("--keep is at least 1, as the new image is one of them") }
    }

    /// Makes the image, waits for it, and does with it what was asked for.
    func make(of node: Node, keep: Int?, _ session: Session, _ plan: PlanOptions) async throws {
        guard !copyTo.contains(session.region) else {
            throw UsageError("the image is made in \(session.region)", fix: "name other regions with --copy-to")
        }
        if !copyTo.isEmpty { try await session.environment.refuseUnknown(regions: copyTo) }
        let request = ImageRequest(
            suffix: nameSuffix, isCrashConsistent: crashConsistent, allowed: allow, isForEverybody: self.public,
            wantsAnother: new)
        try await plan.run(session, remote: remote) { environment in
            var made = try await environment.makeImage(of: node, request, via: remote.via)
            made.image = try await environment.waitUntilAvailable(made.image)
            let result = try await completed(made, keep: keep, environment)
            if !environment.isPlan { try session.context.emit(result) { result.text } }
        }
    }

    private func completed(
        _ made: MadeImage, keep: Int?, _ environment: Engine.Environment
    ) async throws -> CompletedImage {
        var result = CompletedImage(image: made.image, isNew: made.isNew, stoppedSeconds: made.stoppedSeconds)
        var deleted: [DeletedImage] = []
        if self.public {
            // An account may have few public images: what goes anyway makes room, but only where there is none.
            let access = try await environment.give(made.image, to: .everybody, force: !allow.isEmpty) {
                deleted = try await prune(but: made.image, keep: keep, environment)
                return !deleted.isEmpty
            }
            result.image = access.image
        }
        result.copies = try await environment.copies(of: made.image, in: copyTo, waits: true)
        if deleted.isEmpty { deleted = try await prune(but: made.image, keep: keep, environment) }
        result.deleted = deleted
        result.image = try await environment.finish(result.image)
        return result
    }

    private func prune(
        but image: NodeImage, keep: Int?, _ environment: Engine.Environment
    ) async throws -> [DeletedImage] {
        guard let keep, let target = Target(image.target) else { return [] }
        let limits = PruneLimits(keep: keep, includesPublic: self.public)
        let pruning = try await environment.pruning(of: target, limits, besides: image)
        for kept in pruning.kept where kept.image.id != image.id {
            environment.events(.note("\(kept.image.inWords) stays: \(kept.reason)"))
        }
        return try await environment.prune(pruning)
    }
}

/// What `image create --json` prints.
struct CompletedImage: Codable {
    var image: NodeImage
    var isNew: Bool
    var stoppedSeconds: Int?
    var copies: [CopiedImage] = []
    var deleted: [DeletedImage] = []

    var text: String {
        let isClean = image.consistency == .clean
        let quality = isClean ? "nothing was writing" : "as after a power cut: a client was writing"
        let first = "\(image.id) is \(image.target) at height \(image.height), \(image.state); \(quality)."
        let down = stoppedSeconds.map { "The node's client was down for \(Duration.rough($0))." }
        let copies = copies.map { "\($0.image.id) in \($0.image.region) is its copy." }
        let open = image.isPublic ? ["Everybody can launch it."] : []
        return ([first, image.name] + [down].compactMap { $0 } + open + copies + deleted.map(\.text))
            .joined(separator: "\n")
    }
}
