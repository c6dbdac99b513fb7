import Testing

@testable import CommandLineKit
@testable import Commands

/// What holds for every command, whoever adds one.
@Suite struct TreeTests {
    private static func definitions(_ path: CommandPath) -> [ArgumentDefinition] {
        path.types.last.map { Reflection.definitions(of: $0.init()) } ?? []
    }

    @Test(arguments: CommandPath.all)
    func optionNamesAreUniqueAndNotReserved(path: CommandPath) {
        let named = Self.definitions(path).filter { $0.kind != .positional }
        #expect(Set(named.map(\.name)).count == named.count)
        let shorts = named.compactMap(\.short)
        #expect(Set(shorts).count == shorts.count)
        #expect(named.allSatisfy { !["help", "version"].contains($0.name) && $0.short != "h" })
    }

    @Test(arguments: CommandPath.all)
    func everyCommandSaysWhatItDoesAndHow(path: CommandPath) throws {
        let configuration = try #require(path.types.last?.configuration)
        #expect(configuration.abstract.hasSuffix("."))
        #expect(!configuration.examples.isEmpty)
        for argument in Self.definitions(path) { #expect(argument.help.hasSuffix("."), "\(argument.name)") }
    }

    @Test(arguments: CommandPath.all)
    func everyCommandTakesTheGlobalOptions(path: CommandPath) {
        let names = Self.definitions(path).map(\.name)
        for option in ["profile", "region", "json", "quiet", "debug", "no-color"] { #expect(names.contains(option)) }
    }

    @Test(arguments: CommandPath.all.filter(\.isShown))
    func examplesCanBeTyped(path: CommandPath) throws {
        for example in path.types.last?.configuration.examples ?? [] {
            // What a shell makes of `source <(cloudrails …)` and `cloudrails … | source`.
            let line = example.line.replacing("source <(", with: "").replacing(")", with: "").split(separator: "|")[0]
            let words = line.split(separator: " ").map(String.init)
            #expect(words.first == Cloudrails.name)
            #expect(throws: Never.self, "\(example.line)") {
                try Parser(Cloudrails.self).parse(Array(words.dropFirst()))
            }
        }
    }

    @Test(arguments: CommandPath.all)
    func onlyTheLastWordMayBeOneOfMany(path: CommandPath) {
        let words = Self.definitions(path).filter { $0.kind == .positional }
        #expect(words.dropLast().allSatisfy { !$0.isRepeating })
        // A word that must be there does not follow one that may be left out.
        let firstOptional = words.firstIndex { !$0.isRequired } ?? words.endIndex
        #expect(words[firstOptional...].allSatisfy { !$0.isRequired })
    }

    @Test(arguments: CommandPath.all)
    func namesBelowOneCommandAreUnique(path: CommandPath) throws {
        let names = try #require(path.types.last?.configuration.subcommands).map { $0.configuration.commandName }
        #expect(Set(names).count == names.count)
    }

    @Test func commandsWithOthersBelowTakeNoWords() {
        for path in CommandPath.all where path.types.last?.configuration.subcommands.isEmpty == false {
            #expect(Self.definitions(path).allSatisfy { $0.kind != .positional }, "\(path)")
        }
    }
}
