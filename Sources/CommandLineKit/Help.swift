/// Writes the help of a command, as a manual page would, examples first.
public enum Help {
    /// The whole help.
    public static func text(_ path: [any Command.Type], width: Int = 80) -> String {
        // Long lines are hard to read, however wide the window is.
        let width = min(max(width, 60), 100)
        let type = path[path.count - 1]
        let configuration = type.configuration
        let definitions = Reflection.definitions(of: type.init())
        var sections: [String] = []
        add("NAME", indented("\(name(path)) - \(configuration.abstract)", width), to: &sections)
        add("EXAMPLES", examples(configuration.examples, width), to: &sections)
        add("SYNOPSIS", indented(synopsis(path, definitions), width), to: &sections)
        add("DESCRIPTION", paragraphs(configuration.discussion, width), to: &sections)
        add("COMMANDS", commands(configuration.subcommands, width), to: &sections)
        let positionals = definitions.filter { $0.kind == .positional }
        add("ARGUMENTS", positionals.map { entry($0, width) }.joined(separator: "\n"), to: &sections)
        let shared = Set(Reflection.definitions(of: path[0].init()).map(\.name))
        let options = definitions.filter { $0.kind != .positional && !shared.contains($0.name) }
        add("OPTIONS", options.map { entry($0, width) }.joined(separator: "\n"), to: &sections)
        let global = definitions.filter { $0.kind != .positional && shared.contains($0.name) }
        let entries = global.map { entry($0, width) } + [builtIn(path)]
        add("GLOBAL OPTIONS", entries.joined(separator: "\n"), to: &sections)
        let topics = ["exit-codes", "environment", "json"].map { "    \(name([path[0]])) help \($0)" }
        add("SEE ALSO", topics.joined(separator: "\n"), to: &sections)
        return sections.joined(separator: "\n\n")
    }

    /// `cloudrails node launch`.
    public static func name(_ path: [any Command.Type]) -> String {
        path.map { $0.configuration.commandName }.joined(separator: " ")
    }

    private static func add(_ title: String, _ body: String, to sections: inout [String]) {
        if !body.isEmpty { sections.append("\(title)\n\(body)") }
    }

    /// What the parser itself understands.
    private static func builtIn(_ path: [any Command.Type]) -> String {
        let version = path.count == 1 ? "    --version\n        Print the versions.\n" : ""
        return version + "    -h, --help\n        Show this help."
    }

    private static func synopsis(_ path: [any Command.Type], _ definitions: [ArgumentDefinition]) -> String {
        if !path[path.count - 1].configuration.subcommands.isEmpty { return "\(name(path)) <command>" }
        let words = definitions.filter { $0.kind == .positional }.map { $0.isRequired ? $0.usage : "[\($0.usage)]" }
        let required = definitions.filter { $0.kind == .option && $0.isRequired }.map(\.usage)
        return ([name(path)] + words + required + ["[options]"]).joined(separator: " ")
    }

    private static func examples(_ examples: [CommandConfiguration.Example], _ width: Int) -> String {
        examples.map { "    \($0.line)\n" + indented($0.meaning, width, by: 8) }.joined(separator: "\n")
    }

    private static func paragraphs(_ text: String, _ width: Int) -> String {
        text.isEmpty
            ? "" : text.split(separator: "\n\n").map { indented(String($0), width) }.joined(separator: "\n\n")
    }

    private static func commands(_ types: [any Command.Type], _ width: Int) -> String {
        let shown = types.map { $0.configuration }.filter(\.shouldDisplay)
        let longest = shown.map(\.commandName.count).max() ?? 0
        return shown.map { command in
            let margin = 4 + longest + 2
            let lines = indented(command.abstract, width, by: margin)
            return "    \(command.commandName)" + lines.dropFirst(4 + command.commandName.count)
        }.joined(separator: "\n")
    }

    private static func entry(_ definition: ArgumentDefinition, _ width: Int) -> String {
        let short = definition.short.map { "-\($0), " } ?? ""
        var help = definition.help
        let values = definition.allowed.values
        if !values.isEmpty { help += " One of: \(values.joined(separator: ", "))." }
        if let text = definition.defaultText, !text.isEmpty { help += " Default: \(text)." }
        return "    \(short)\(definition.usage)\n" + indented(help, width, by: 8)
    }

    /// Breaks lines between words.
    public static func indented(_ text: String, _ width: Int, by indent: Int = 4) -> String {
        let margin = String(repeating: " ", count: indent)
        var lines: [String] = []
        var line = ""
        for word in text.split(whereSeparator: \.isWhitespace) {
            if !line.isEmpty, indent + line.count + 1 + word.count > width {
                lines.append(margin + line)
                line = ""
            }
            line += line.isEmpty ? String(word) : " \(word)"
        }
        if !line.isEmpty { lines.append(margin + line) }
        return lines.joined(separator: "\n")
    }
}
