import CommandLineKit
import Engine

/// `cloudrails image publish IMAGE`
struct ImagePublish: Command {
    static let configuration = CommandConfiguration(
        commandName: "publish",
        abstract: "Let everybody launch an image and read its snapshots.",
        discussion: """
            What AWS would refuse is looked at first: block public access of images and of snapshots, encrypted snapshots, \
            and the account's quota of public images. An image that was made while its node went on is refused, too: it \
            carries that node's keys and identity; and so is one with a file that --allow let through. Whatever is on its volumes can be read by anybody from then on.
            """,
        examples: [.init("cloudrails image publish ami-0123456789abcdef0", "Asks first.")])

    @OptionGroup var global: GlobalOptions
    @OptionGroup var plan: PlanOptions

    @Argument(help: "The image's id or name.", valueName: "image", completion: .custom("images"))
    var image: String

    @Flag(help: "Even if it carries its node's keys and identity, or what looks like a wallet.")
    var force: Bool = false

    @Flag(short: "y", help: "Do not ask.")
    var yes: Bool = false

    func run(_ context: Context) async throws {
        try ImageHandle.validate(image)
        if !plan.dryRun { try context.requireAnswer(yes, flag: "--yes") }
        let session = try await Session.open(global, context)
        let found = try await session.environment.image(named: image)
        if !found.isPublic, !plan.dryRun, !yes {
            try context.confirm("Let everybody read all that is on \(found.inWords)?")
        }
        try await plan.run(session) { environment in
            let access = try await environment.give(found, to: .everybody, force: force)
            if !environment.isPlan { try context.emit(access) { access.text } }
        }
    }
}

/// `cloudrails image unpublish IMAGE`
struct ImageUnpublish: Command {
    static let configuration = CommandConfiguration(
        commandName: "unpublish",
        abstract: "Take an image and its snapshots back from everybody.",
        discussion: "Nodes that others have launched from it go on, and so do copies that they have made.",
        examples: [.init("cloudrails image unpublish ami-0123456789abcdef0", "Only your account may use it again.")])

    @OptionGroup var global: GlobalOptions
    @OptionGroup var plan: PlanOptions

    @Argument(help: "The image's id or name.", valueName: "image", completion: .custom("images"))
    var image: String

    func run(_ context: Context) async throws {
        try ImageHandle.validate(image)
        let session = try await Session.open(global, context)
        let found = try await session.environment.image(named: image)
        try await plan.run(session) { environment in
            let access = try await environment.take(found, from: .everybody)
            if !environment.isPlan { try context.emit(access) { access.text } }
        }
    }
}

extension ImageAccess {
    var text: String {
        let who =
            switch (image.isPublic, accounts.isEmpty) {
            case (true, _): "by everybody"
            case (false, true): "by this account only"
            case (false, false): "by this account and \(accounts.joined(separator: ", "))"
            }
        return "\(image.inWords) can be used \(who)\(isChanged ? "" : ", as before")."
    }
}
