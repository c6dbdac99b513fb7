/// Rows to choose one of: arrow keys, or letters that leave only what holds them. Keys go in, lines come out; who draws them and
/// reads the keys is `Context.pick`.
public struct Picker: Sendable {
    /// What was chosen.
    public enum Choice: Sendable, Equatable {
        /// The row of that index.
        case row(Int)
        /// What was typed, where that is allowed.
        case typed(String)
    }

    /// What a key has led to.
    enum Outcome: Equatable {
        case open
        case chosen(Choice)
        /// Left with Escape.
        case left
        /// Left with Ctrl-C.
        case interrupted
    }

    private let title: String
    private let header: [String]
    private let rows: [[String]]
    private let keeping: Set<Int>
    private let offer: (@Sendable (String) -> String?)?
    private var filter = ""
    /// Among what is offered.
    private var selected: Int

    /// A picker; every row has as many cells as the header.
    /// - Parameters:
    ///   - title: what is to be chosen.
    ///   - keeping: the columns that are never cut, because people have to read them whole.
    ///   - selected: the row that Enter takes when nothing else is pressed.
    ///   - offer: how something that was typed is offered beside the rows; it returns nil for what cannot be meant.
    public init(
        _ title: String, header: [String], rows: [[String]], keeping: Set<Int> = [], selected: Int = 0,
        offer: (@Sendable (String) -> String?)? = nil
    ) {
        self.title = title
        self.header = header
        self.rows = rows
        self.keeping = keeping
        self.selected = selected
        self.offer = offer
    }

    /// The rows that hold every word that was typed, in any case.
    private var matches: [Int] {
        let words = filter.lowercased().split(separator: " ")
        return rows.indices.filter { index in
            let text = rows[index].joined(separator: " ").lowercased()
            return words.allSatisfy { text.contains($0) }
        }
    }

    private var typed: String { String(filter.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()) }

    /// How what was typed is offered by itself.
    private var offered: String? { typed.isEmpty ? nil : offer?(typed) }

    private var choices: [Choice] { matches.map(Choice.row) + (offered == nil ? [] : [.typed(typed)]) }

    /// A key was pressed.
    mutating func press(_ key: Key, page: Int = 10) -> Outcome {
        let last = max(0, choices.count - 1)
        switch key {
        case .up: selected = max(0, selected - 1)
        case .down: selected = min(last, selected + 1)
        case .pageUp: selected = max(0, selected - page)
        case .pageDown: selected = min(last, selected + page)
        case .home: selected = 0
        case .end: selected = last
        case .text(let character): look(for: filter + String(character))
        case .backspace: look(for: String(filter.dropLast()))
        case .clear: look(for: "")
        case .enter: if choices.indices.contains(selected) { return .chosen(choices[selected]) }
        case .escape: return .left
        case .interrupt: return .interrupted
        case .other: break
        }
        return .open
    }

    private mutating func look(for text: String) {
        guard text != filter else { return }
        filter = text
        selected = 0
    }
}

extension Picker {
    /// The lines of a screen, as many and as wide as fit. The selected row is always among them; a mark tells it where there
    /// are no colours.
    func lines(for terminal: Terminal) -> [String] {
        let table = Table(header, rows, keeping: keeping)
            .text(for: Terminal(isTTY: true, width: max(1, terminal.width - 3)))
            .split(separator: "\n", omittingEmptySubsequences: false)
        let choices = choices
        let isTall = terminal.height >= 8
        let shown = window(of: choices.count, room: max(1, terminal.height - (isTall ? 5 : 1))).map { index in
            line(choices[index], index == selected, table, terminal)
        }
        let hint = offer == nil ? "Type to filter: " : "Type to filter, or another: "
        let search = String((hint + filter).suffix(max(1, terminal.width - 1)))
        let body = [search] + (shown.isEmpty ? [Self.line("  nothing like that", terminal)] : shown)
        guard isTall else { return Array(body.prefix(max(1, terminal.height))) }
        let place = "\(choices.isEmpty ? 0 : selected + 1) of \(choices.count)"
        return [Self.line(title, terminal, .bold), body[0], Self.line("  \(table[0])", terminal, .bold)]
            + body.dropFirst() + ["", Self.line("\(place)   ↑ ↓ move   Enter take   Esc leave", terminal, .dim)]
    }

    /// The part of the choices that is to be seen.
    private func window(of count: Int, room: Int) -> Range<Int> {
        let top = max(0, min(selected - room / 2, count - room))
        return top..<min(count, top + room)
    }

    private func line(_ choice: Choice, _ isSelected: Bool, _ table: [Substring], _ terminal: Terminal) -> String {
        let text =
            switch choice {
            case .row(let index): String(table[index + 1])
            case .typed: offered ?? ""
            }
        return Self.line((isSelected ? "> " : "  ") + text, terminal, isSelected ? .reverse : nil)
    }

    /// The last column stays free: some terminals go on in the next line when it is written.
    private static func line(_ text: String, _ terminal: Terminal, _ style: Style? = nil) -> String {
        let cut = String(text.prefix(max(1, terminal.width - 1)))
        return style?.apply(cut, terminal) ?? cut
    }
}
