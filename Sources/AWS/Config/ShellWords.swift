/// Splits a command as a POSIX shell would split it into words, and does nothing else a shell does: no variables, no
/// wildcards, no substitution. `credential_process` and quoted section names are read so (Python's `shlex.split`).
public enum ShellWords {
    /// The words, or nil where a quote or a backslash is left open.
    public static func split(_ text: String) -> [String]? {
        var words: [String] = []
        var word: String?
        var quote: Character?
        var characters = text.makeIterator()
        while let character = characters.next() {
            switch (quote, character) {
            case (nil, "'"), (nil, "\""):
                quote = character
                word = word ?? ""
            case (nil, "\\"):
                guard let next = characters.next() else { return nil }
                word = (word ?? "") + String(next)
            case (nil, " "), (nil, "\t"), (nil, "\n"), (nil, "\r"), (nil, "\r\n"):
                if let finished = word { words.append(finished) }
                word = nil
            case ("\"", "\\"):
                guard let next = characters.next() else { return nil }
                // Inside double quotes a backslash only escapes a quote or another backslash.
                word = (word ?? "") + (next == "\"" || next == "\\" ? "" : "\\") + String(next)
            case (let open?, character) where open == character:
                quote = nil
            default:
                word = (word ?? "") + String(character)
            }
        }
        guard quote == nil else { return nil }
        if let finished = word { words.append(finished) }
        return words
    }
}
