/// Writes the help of a command, as a manual page would, examples first.
public enum Help {
    /// The whole help.
    public static func text(_ path: [any Command.Type], width: Int = 80) -> String {
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
        let options = definitions.filter { $0.kind != .positional }
        add("OPTIONS", options.map { entry($0, width) }.joined(separator: "\n"), to: &sections)
        let root = path[0].configuration.commandName
        add("SEE ALSO", indented("\(root) help topics: environment, exit-codes, json", width), to: &sections)
        return sections.joined(separator: "\n\n")
    }

    /// One line about how a command is typed.
    public static func usage(_ path: [any Command.Type]) -> String {
        "usage: " + synopsis(path, Reflection.definitions(of: path[path.count - 1].init()))
    }

    /// `cloudrails node launch`.
    public static func name(_ path: [any Command.Type]) -> String {
        path.map { $0.configuration.commandName }.joined(separator: " ")
    }

    private static func add(_ title: String, _ body: String, to sections: inout [String]) {
        if !body.isEmpty { sections.append("\(title)\n\(body)") }
    }

    private static func synopsis(_ path: [any Command.Type], _ definitions: [ArgumentDefinition]) -> String {
        if !path[path.count - 1].configuration.subcommands.isEmpty { return "\(name(path)) <command>" }
        let words = definitions.filter { $0.kind == .positional }.map { $0.isRequired ? $0.usage : "[\($0.usage)]" }
        return ([name(path)] + words + ["[options]"]).joined(separator: " ")
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
            let padding = String(repeating: " ", count: longest - command.commandName.count + 2)
            return "    \(command.commandName)\(padding)\(command.abstract)"
        }.joined(separator: "\n")
    }

    private static func entry(_ definition: ArgumentDefinition, _ width: Int) -> String {
        let short = definition.short.map { "-\($0), " } ?? ""
        var help = definition.help
        if !definition.values.isEmpty { help += " One of: \(definition.values.joined(separator: ", "))." }
        if let text = definition.defaultText, !text.isEmpty { help += " Default: \(text)." }
        return "    \(short)\(definition.usage)\n" + indented(help, width, by: 8)
    }

    /// Breaks lines between words.
    static func indented(_ text: String, _ width: Int, by indent: Int = 4) -> String {
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
