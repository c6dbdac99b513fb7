/// An INI file as the AWS command line reads one, with the line of every value.
///
/// The AWS CLI and boto3 read their files with Python's configparser, so its rules hold here too (botocore/configloader.py,
/// https://docs.python.org/3/library/configparser.html#supported-ini-file-structure): `=` or `:` separates, comments stand on
/// lines of their own, deeper indentation continues a value, a section or a key that stands twice is an error.
struct INIFile: Sendable {
    /// One value and where it stands.
    struct Value: Sendable, Equatable {
        /// The text; lines of a continued value are separated by a line feed.
        var text: String
        /// From 1.
        var line: Int
        /// The keys of an indented block (`ec2 =` with indented lines under it).
        var nested: [String: Value] = [:]
    }

    /// One section.
    struct Section: Sendable, Equatable {
        /// What stands between the brackets, unchanged.
        var name: String
        /// From 1.
        var line: Int
        /// Values by key; keys are lower-case.
        var values: [String: Value] = [:]
    }

    /// The file's path, for messages.
    var path: String
    /// Sections in the order of the file.
    var sections: [Section]

    /// Reads the text of a file.
    /// - Throws: `ConfigurationError` with the line at fault.
    init(path: String, bytes: [UInt8]) throws {
        var reader = INIReader(path: path)
        for (index, line) in try Self.lines(of: bytes, path: path).enumerated() {
            try reader.read(line, number: index + 1)
        }
        self.path = path
        sections = try reader.finish()
    }

    /// Splits at LF, CR LF or CR; a byte order mark is not part of the first line.
    private static func lines(of bytes: [UInt8], path: String) throws -> [String] {
        var rest = bytes[...]
        if rest.starts(with: [0xEF, 0xBB, 0xBF]) { rest = rest.dropFirst(3) }
        var lines: [String] = []
        while let end = rest.firstIndex(where: { $0 == 10 || $0 == 13 }) {
            lines.append(try text(of: rest[..<end], line: lines.count + 1, path: path))
            let isPair = rest[end] == 13 && end + 1 < rest.endIndex && rest[end + 1] == 10
            rest = rest[(end + (isPair ? 2 : 1))...]
        }
        lines.append(try text(of: rest, line: lines.count + 1, path: path))
        return lines
    }

    private static func text(of bytes: ArraySlice<UInt8>, line: Int, path: String) throws -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw ConfigurationError(
                "this line is not UTF-8 text", fix: "save the file as UTF-8", file: path, line: line)
        }
        return text
    }
}

/// The state between two lines of an INI file.
private struct INIReader {
    let path: String
    private var sections: [INIFile.Section] = []
    private var defaults: [String: INIFile.Value] = [:]
    /// `[DEFAULT]` (capitals) gives its values to every section.
    private var isInDefaults = false
    private var key: String?
    private var indent = 0
    /// Lines of the value that is being read.
    private var parts: [(text: String, line: Int)] = []

    init(path: String) { self.path = path }

    mutating func read(_ line: String, number: Int) throws {
        let text = line.trimmed
        if text.hasPrefix("#") || text.hasPrefix(";") { return }
        if text.isEmpty {
            if key != nil { parts.append(("", number)) }
            return
        }
        let depth = line.prefix { $0.isWhitespace }.count
        if key != nil, depth > indent {
            parts.append((text, number))
            return
        }
        try finishValue()
        indent = depth
        if text.hasPrefix("["), let end = text.dropFirst(2).lastIndex(of: "]") {
            try open(String(text[text.index(after: text.startIndex)..<end]), number: number)
        } else if sections.isEmpty, !isInDefaults {
            throw error("a section such as [default] has to come before the first setting", number)
        } else {
            try assign(text, number: number)
        }
    }

    mutating func finish() throws -> [INIFile.Section] {
        try finishValue()
        return sections.map { section in
            var section = section
            section.values.merge(defaults) { own, _ in own }
            return section
        }
    }

    private mutating func open(_ name: String, number: Int) throws {
        isInDefaults = name == "DEFAULT"
        if isInDefaults { return }
        if let first = sections.first(where: { $0.name == name }) {
            throw error("the section [\(name)] stands here a second time (first in line \(first.line))", number)
        }
        sections.append(INIFile.Section(name: name, line: number))
    }

    private mutating func assign(_ text: String, number: Int) throws {
        // The line may hold a secret, so the message does not repeat it.
        guard let separator = text.firstIndex(where: { $0 == "=" || $0 == ":" }) else {
            throw error("this line is neither a [section] nor a setting of the form key = value", number)
        }
        let name = String(text[..<separator]).trimmed.lowercased()
        guard !name.isEmpty else { throw error("there is no name before the \(text[separator])", number) }
        let known = isInDefaults ? defaults[name] : sections.last?.values[name]
        if let known { throw error("\(name) is set a second time (first in line \(known.line))", number) }
        key = name
        parts = [(String(text[text.index(after: separator)...]).trimmed, number)]
    }

    private mutating func finishValue() throws {
        guard let key, let first = parts.first else { return }
        while let last = parts.last, last.text.isEmpty, parts.count > 1 { parts.removeLast() }
        var value = INIFile.Value(text: parts.map(\.text).joined(separator: "\n"), line: first.line)
        if first.text.isEmpty, parts.count > 1 { value.nested = try nested(Array(parts.dropFirst()), under: key) }
        if isInDefaults {
            defaults[key] = value
        } else if !sections.isEmpty {
            sections[sections.count - 1].values[key] = value
        }
        self.key = nil
        parts = []
    }

    private func nested(_ lines: [(text: String, line: Int)], under key: String) throws -> [String: INIFile.Value] {
        var values: [String: INIFile.Value] = [:]
        for (text, line) in lines where !text.isEmpty {
            guard let separator = text.firstIndex(of: "=") else {
                throw error("this indented line under \(key) is not of the form key = value", line)
            }
            let name = String(text[..<separator]).trimmed
            values[name] = INIFile.Value(text: String(text[text.index(after: separator)...]).trimmed, line: line)
        }
        return values
    }

    private func error(_ summary: String, _ line: Int) -> ConfigurationError {
        ConfigurationError(summary, fix: "correct this line and run the command again", file: path, line: line)
    }
}

extension String {
    /// Without white space at either end.
    var trimmed: String {
        guard let first = firstIndex(where: { !$0.isWhitespace }), let last = lastIndex(where: { !$0.isWhitespace })
        else { return "" }
        return String(self[first...last])
    }
}
