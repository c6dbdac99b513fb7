import Testing

@testable import CommandLineKit

@Suite struct ParserTests {
    private func parse(_ line: String) throws -> ParsedCommand {
        try Parser(Tool.self).parse(line.split(separator: " ").map(String.init))
    }

    private func make(_ line: String) throws -> Make { try #require(try parse(line).command as? Make) }

    private func error(_ line: String) -> UsageError? {
        do {
            _ = try parse(line)
        } catch ParsingOutcome.usage(let error, _) {
            return error
        } catch {}
        return nil
    }

    @Test func readsEveryKindOfArgument() throws {
        let command = try make("noun make a red --disk-size 5 --other-colour=blue --key-file x=y --spare -y")
        #expect(command.name == "a")
        #expect(command.colour == .red)
        #expect(command.size.diskSize == 5)
        #expect(command.otherColour == .blue)
        #expect(command.keyFile == "x=y")
        #expect(command.size.spare && command.yes && !command.shared.json)
    }

    @Test func leavesDefaults() throws {
        let command = try make("noun make a")
        #expect(command.colour == nil && command.size.diskSize == nil && command.keyFile == nil)
        #expect(command.otherColour == .green && !command.yes)
    }

    @Test(arguments: [
        "--region r --json noun make a", "noun --region=r make --json a", "noun make --json a --region r",
        "noun make a --region r --json", "--json noun --region r make a",
    ])
    func globalOptionsStandAnywhere(line: String) throws {
        let command = try make(line)
        #expect(command.shared.region == "r" && command.shared.json && command.name == "a")
    }

    @Test func wordsAfterTwoDashesAreNoOptions() throws {
        #expect(try make("noun make -- --json").name == "--json")
        #expect(try #require(try parse("noun send --to b -- -x --help").command as? Send).words == ["-x", "--help"])
    }

    @Test func aDashIsAWordAndANumberMayBeNegative() throws {
        #expect(try make("noun make -").name == "-")
        #expect(error("noun make a --disk-size -5")?.message == "--disk-size is at least 1")
    }

    @Test func shortSwitchesMayStandTogether() throws {
        let command = try make("noun make a -yq")
        #expect(command.yes && command.shared.quiet)
    }

    @Test(arguments: [
        ("nuon", "there is no command 'nuon'", "noun"),
        ("noun mkae a", "there is no command 'mkae'", "make"),
        ("noun make a --disk-szie 5", "there is no option '--disk-szie'", "--disk-size"),
        ("noun make a --hlep", "there is no option '--hlep'", "--help"),
        ("--regoin r noun make a", "there is no option '--regoin' before a command's name", "--region"),
        ("noun make a rde", "<colour> is one of red, green, blue, not 'rde'", "red"),
        ("noun make a --other-colour grene", "--other-colour is one of red, green, blue, not 'grene'", "green"),
    ])
    func suggests(line: String, message: String, suggestion: String) {
        #expect(error(line)?.message == message)
        #expect(error(line)?.suggestion == suggestion)
    }

    @Test(arguments: [
        ("zzzzzz", "there is no command 'zzzzzz'"),
        // No abbreviations: they would change their meaning when a command is added.
        ("no make a", "there is no command 'no'"),
        ("noun make a --disk 5", "there is no option '--disk'"),
        ("noun make a --disk-size", "--disk-size wants a value: --disk-size <gib>"),
        ("noun make a --disk-size --json", "--disk-size wants a value: --disk-size <gib>"),
        ("noun make a --disk-size 5 --disk-size 6", "--disk-size stands there twice"),
        ("noun make a --disk-size five", "--disk-size is a whole number, not 'five'"),
        ("noun make a --json=true", "--json takes no value"),
        ("noun make a -z", "there is no option '-z'"),
        ("noun make", "<name> is missing: Its name."),
        ("noun make a red blue", "'blue' is one word too many"),
        ("noun send x", "--to is missing: Where to."),
        ("noun make forbidden", "that name is taken"),
        ("--spare noun make a", "there is no option '--spare' before a command's name"),
    ])
    func refuses(line: String, message: String) {
        #expect(error(line)?.message == message)
    }

    @Test(arguments: [
        ("--help", 1), ("-h", 1), ("noun --help", 2), ("noun make --help", 3), ("--help noun make", 3),
        ("noun make a --disk-size five -h", 3),
    ])
    func helpIsAskedForEverywhere(line: String, depth: Int) {
        #expect { try parse(line) } throws: { error in
            guard case ParsingOutcome.help(let path) = error else { return false }
            return path.count == depth
        }
    }

    @Test func aParentByItselfCanBeRunToShowItsHelp() async throws {
        for line in ["", "noun", "--json noun"] {
            let command = try parse(line).command
            await #expect(throws: HelpRequest.self) { try await command.run(.fake()) }
        }
    }

    @Test(arguments: ["--version", "--json --version", "version"])
    func versionIsACommandAndAnOption(line: String) throws {
        #expect(try parse(line).command is ToolVersion)
    }

    @Test func versionOfASubcommandIsNoOption() {
        #expect(error("noun --version")?.message == "there is no option '--version' before a command's name")
    }

    @Test func usageErrorsAreShownWithWhatToDo() {
        #expect(
            UsageError("a", suggestion: "b", fix: "c").diagnostic(help: "d").text
                == "error: a\n  try: did you mean 'b'?")
        #expect(UsageError("a", fix: "c").diagnostic(help: "d").text == "error: a\n  try: c")
        #expect(UsageError("a").diagnostic(help: "d").text == "error: a\n  try: d --help")
        #expect(UsageError("a").diagnostic().exitCode == .usage)
    }

    @Test(arguments: [
        ("launch", "lanch", 1), ("launch", "luanch", 1), ("launch", "launch", 0), ("", "abc", 3),
        ("kitten", "sitting", 3),
    ])
    func editDistance(left: String, right: String, distance: Int) {
        #expect(Suggestion.distance(left, right) == distance)
        #expect(Suggestion.distance(right, left) == distance)
    }

    @Test func namesAreKebabCase() {
        #expect(Reflection.kebabCase("diskSize") == "disk-size")
        #expect(Reflection.kebabCase("json") == "json")
    }
}
