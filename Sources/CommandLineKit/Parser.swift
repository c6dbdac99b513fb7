/// A command with its arguments read, and where it stands in the tree.
public struct ParsedCommand {
    /// The command.
    public var command: any Command
    /// The commands from the root down to it.
    public var path: [any Command.Type]
}

/// Nothing can be run: what is to be shown instead, and for which command.
public enum ParsingOutcome: Error {
    /// The help of a command.
    case help([any Command.Type])
    /// What is wrong with what was typed.
    case usage(UsageError, [any Command.Type])
}

/// Reads a command line.
public struct Parser {
    private let root: any Command.Type

    /// A parser for a tree of commands.
    public init(_ root: any Command.Type) { self.root = root }

    /// Reads all words after the program's name.
    /// - Throws: `ParsingOutcome`.
    public func parse(_ words: [String]) throws -> ParsedCommand {
        let (path, rest) = try descend(words)
        let type = path[path.count - 1]
        if asksForHelp(rest) { throw ParsingOutcome.help(path) }
        let command = type.init()
        do {
            try fill(command, rest)
            for group in Reflection.groups(of: command) { try group.validate() }
            try command.validate()
        } catch let error as UsageError {
            throw ParsingOutcome.usage(error, path)
        }
        return ParsedCommand(command: command, path: path)
    }

    private func asksForHelp(_ words: [String]) -> Bool {
        words.prefix { $0 != "--" }.contains { $0 == "--help" || $0 == "-h" }
    }

    /// Goes down the tree. Options may stand before the last command's name; they are read with it.
    func descend(_ words: [String]) throws -> (path: [any Command.Type], rest: [String]) {
        var path = [root]
        var early: [String] = []
        var rest = words[...]
        let shared = Reflection.definitions(of: root.init())
        while let word = rest.first, !path[path.count - 1].configuration.subcommands.isEmpty {
            if word == "--" { break }
            let below = path[path.count - 1].configuration.subcommands
            let isVersion = word == "--version" && path.count == 1
            if word.hasPrefix("-"), !isVersion {
                let taken = try wordsTaken(by: word, shared, path)
                early += rest.prefix(taken)
                rest = rest.dropFirst(taken)
                continue
            }
            let name = isVersion ? "version" : word
            guard let next = below.first(where: { $0.configuration.commandName == name }) else {
                throw ParsingOutcome.usage(unknownCommand(word, below), path)
            }
            path.append(next)
            rest = rest.dropFirst()
        }
        return (path, early + rest)
    }

    /// How many words an option takes that stands before the last command's name; only those of the root may.
    private func wordsTaken(by word: String, _ shared: [ArgumentDefinition], _ path: [any Command.Type]) throws -> Int {
        let name = String(word.prefix { $0 != "=" })
        if name == "--help" || name == "-h" { return 1 }
        let known = shared.first { "--\($0.name)" == name || $0.short.map { "-\($0)" } == name }
        guard let known else {
            let nearest = Suggestion.nearest(to: name, in: shared.map { "--\($0.name)" } + ["--help", "--version"])
            let error = UsageError(
                "there is no option '\(name)' before a command's name", suggestion: nearest,
                fix: "write the options of a command after its name")
            throw ParsingOutcome.usage(error, path)
        }
        return known.kind == .option && name == word ? 2 : 1
    }

    private func unknownCommand(_ word: String, _ below: [any Command.Type]) -> UsageError {
        let names = below.map { $0.configuration }.filter(\.shouldDisplay).map(\.commandName)
        return UsageError("there is no command '\(word)'", suggestion: Suggestion.nearest(to: word, in: names))
    }

    private func fill(_ command: any Command, _ words: [String]) throws {
        let definitions = Reflection.definitions(of: command)
        var reading = Reading(definitions: definitions, rest: words[...])
        try reading.run()
    }
}

/// Goes through the words of one command.
private struct Reading {
    let definitions: [ArgumentDefinition]
    var rest: ArraySlice<String>
    var seen: Set<String> = []
    var positionals: ArraySlice<ArgumentDefinition>

    init(definitions: [ArgumentDefinition], rest: ArraySlice<String>) {
        self.definitions = definitions
        self.rest = rest
        positionals = definitions.filter { $0.kind == .positional }[...]
    }

    mutating func run() throws {
        var onlyWords = false
        while let word = rest.popFirst() {
            if onlyWords || word == "-" || !word.hasPrefix("-") {
                try takePositional(word)
            } else if word == "--" {
                onlyWords = true
            } else if word.hasPrefix("--") {
                try takeLong(word)
            } else {
                for letter in word.dropFirst() { try takeShort(letter) }
            }
        }
        if let missing = positionals.first(where: { $0.isRequired && !seen.contains($0.name) }) {
            throw UsageError("<\(missing.valueName)> is missing: \(missing.help)")
        }
        if let missing = definitions.first(where: { $0.kind == .option && $0.isRequired && !seen.contains($0.name) }) {
            throw UsageError("--\(missing.name) is missing: \(missing.help)")
        }
    }

    private mutating func takePositional(_ word: String) throws {
        guard let definition = positionals.first else { throw UsageError("'\(word)' is one word too many") }
        guard definition.take(word) else { throw invalid(word, definition) }
        seen.insert(definition.name)
        if !definition.isRepeating { positionals = positionals.dropFirst() }
    }

    private mutating func takeLong(_ word: String) throws {
        let parts = word.dropFirst(2).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(
            String.init)
        let named = definitions.filter { $0.kind != .positional }
        guard let definition = named.first(where: { $0.name == parts[0] }) else {
            let nearest = Suggestion.nearest(to: parts[0], in: named.map(\.name) + ["help"])
            throw UsageError("there is no option '--\(parts[0])'", suggestion: nearest.map { "--\($0)" })
        }
        try take(definition, value: parts.count == 2 ? parts[1] : nil)
    }

    private mutating func takeShort(_ letter: Character) throws {
        guard let definition = definitions.first(where: { $0.short == letter }) else {
            throw UsageError("there is no option '-\(letter)'")
        }
        try take(definition, value: nil)
    }

    private mutating func take(_ definition: ArgumentDefinition, value: String?) throws {
        if definition.kind == .flag {
            guard value == nil else { throw UsageError("--\(definition.name) takes no value") }
            _ = definition.take("")
            return
        }
        guard seen.insert(definition.name).inserted || definition.isRepeating else {
            throw UsageError("--\(definition.name) stands there twice")
        }
        guard let word = value ?? rest.popFirst() else {
            throw UsageError("--\(definition.name) wants a value: \(definition.usage)")
        }
        // A following option is no value: the value was forgotten.
        if value == nil, word.hasPrefix("--") {
            throw UsageError("--\(definition.name) wants a value: \(definition.usage)")
        }
        guard definition.take(word) else { throw invalid(word, definition) }
    }

    private func invalid(_ word: String, _ definition: ArgumentDefinition) -> UsageError {
        let name = definition.kind == .positional ? "<\(definition.valueName)>" : "--\(definition.name)"
        let values = definition.allowed.values
        if !values.isEmpty {
            return UsageError(
                "\(name) is one of \(values.joined(separator: ", ")), not '\(word)'",
                suggestion: Suggestion.nearest(to: word, in: values))
        }
        let form = definition.allowed.form
        return UsageError(form.isEmpty ? "'\(word)' is no value for \(name)" : "\(name) is \(form), not '\(word)'")
    }
}
