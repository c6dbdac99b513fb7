import CommandLineKit
import Engine

/// `cloudrails network show`
struct NetworkShow: Command {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Draw the network as a tree, with what is missing.",
        discussion: "Looks only. A part that is missing is marked so; 'cloudrails network create' makes it.",
        examples: [
            .init("cloudrails network show", "Draw the network in the region of your profile."),
            .init("cloudrails network show --json", "The same for a program."),
        ])

    @OptionGroup var global: GlobalOptions
    @OptionGroup var options: NetworkOptions

    func run(_ context: Context) async throws {
        let names = try options.names()
        let session = try await Session.open(global, context)
        let report = try await session.environment.discoverNetwork(names).report(region: session.region)
        try context.emit(report) { NetworkTree.draw(report) }
        if !report.isComplete { context.note("Something is missing. To make it: cloudrails network create") }
    }
}
