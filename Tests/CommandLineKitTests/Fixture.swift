@testable import CommandLineKit

/// A small tree of commands with every kind of argument.
struct Tool: Command {
    static let configuration = CommandConfiguration(
        commandName: "tool", abstract: "A tool for tests.",
        subcommands: [Noun.self, Hidden.self, ToolVersion.self])

    @OptionGroup var shared: SharedOptions
}

struct SharedOptions: OptionGroupArguments {
    @Option(help: "The region.", valueName: "name") var region: String?
    @Flag(help: "JSON.") var json: Bool = false
    @Flag(short: "q", help: "Quiet.") var quiet: Bool = false
    init() {}
}

struct Noun: Command {
    static let configuration = CommandConfiguration(
        commandName: "noun", abstract: "A noun.", subcommands: [Make.self, Send.self])
    @OptionGroup var shared: SharedOptions
}

enum Colour: String, CaseIterable, ExpressibleByArgument { case red, green, blue }

struct SizeOptions: OptionGroupArguments {
    @Option(help: "The size.", valueName: "gib") var diskSize: Int?
    @Flag(help: "Spare.") var spare: Bool = false
    init() {}
    func validate() throws {
        if let diskSize, diskSize < 1 { throw UsageError("--disk-size is at least 1") }
    }
}

struct Make: Command {
    static let configuration = CommandConfiguration(
        commandName: "make", abstract: "Make a thing.", discussion: "One paragraph.\n\nAnother one.",
        examples: [.init("tool noun make a", "Makes a.")])

    @OptionGroup var shared: SharedOptions
    @OptionGroup var size: SizeOptions
    @Argument(help: "Its name.", completion: .custom("names")) var name: String
    @Argument(help: "Its colour.") var colour: Colour?
    @Option(help: "The other colour.") var otherColour: Colour = .green
    @Option(help: "A file.", completion: .file) var keyFile: String?
    @Flag(short: "y", help: "Yes.") var yes: Bool = false

    func validate() throws {
        if name == "forbidden" { throw UsageError("that name is taken", fix: "take another") }
    }
}

struct Send: Command {
    static let configuration = CommandConfiguration(commandName: "send", abstract: "Send words.")
    @OptionGroup var shared: SharedOptions
    @Option(help: "Where to.", valueName: "place") var to: String
    @Argument(help: "The words.") var words: [String]
}

struct Hidden: Command {
    static let configuration = CommandConfiguration(
        commandName: "__hidden", abstract: "Not shown.", shouldDisplay: false)
    @OptionGroup var shared: SharedOptions
}

struct ToolVersion: Command {
    static let configuration = CommandConfiguration(commandName: "version", abstract: "The version.")
    @OptionGroup var shared: SharedOptions
}
