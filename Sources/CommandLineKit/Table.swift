/// Rows under a header: fitted to the terminal where a person looks, parted by tabs in a pipe.
public struct Table: Sendable {
    private let header: [String]
    private let rows: [[String]]
    private let keeping: Set<Int>

    /// A table; every row has as many cells as the header.
    /// - Parameter keeping: the columns that are never cut, because people type what stands there.
    public init(_ header: [String], _ rows: [[String]], keeping: Set<Int> = []) {
        self.header = header
        self.rows = rows
        self.keeping = keeping
    }

    /// The table for a stream, without a newline at its end.
    public func text(for terminal: Terminal) -> String {
        let lines = [header] + rows
        guard terminal.isTTY else {
            return lines.map { $0.map(Self.inOneLine).joined(separator: "\t") }.joined(separator: "\n")
        }
        let widths = fitted(lines, to: terminal.width)
        return lines.enumerated().map { index, cells in
            let line = zip(cells, widths).map { Self.padded($0, to: $1) }.joined(separator: "  ")
            let trimmed = String(line.reversed().drop { $0 == " " }.reversed())
            return index == 0 ? Style.bold.apply(trimmed, terminal) : trimmed
        }.joined(separator: "\n")
    }

    /// Takes from the widest column until the line fits; a column keeps five letters.
    private func fitted(_ lines: [[String]], to width: Int) -> [Int] {
        var widths = header.indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
        var excess = widths.reduce(0, +) + 2 * (widths.count - 1) - width
        let shrinking = widths.indices.filter { !keeping.contains($0) }
        while excess > 0, let widest = shrinking.max(by: { widths[$0] < widths[$1] }), widths[widest] > 5 {
            widths[widest] -= 1
            excess -= 1
        }
        return widths
    }

    private static func padded(_ cell: String, to width: Int) -> String {
        let text = inOneLine(cell)
        if text.count > width { return text.prefix(width - 1) + "…" }
        return text + String(repeating: " ", count: width - text.count)
    }

    /// Tabs and line breaks would make two cells or rows of one.
    private static func inOneLine(_ cell: String) -> String {
        String(cell.map { $0 == "\t" || $0.isNewline ? " " : $0 })
    }
}
