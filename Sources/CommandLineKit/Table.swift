/// Rows under a header: fitted to the terminal where a person looks, parted by tabs in a pipe.
public struct Table: Sendable {
    private let header: [String]
    private let rows: [[String]]
    private let keeping: Set<Int>
    private let sparing: [Int]
    private static let narrowest = 5

    /// A table; every row has as many cells as the header.
    /// - Parameters:
    ///   - keeping: the columns that are never cut, because people type what stands there.
    ///   - sparing: the columns that a narrow terminal does without, in this order.
    public init(_ header: [String], _ rows: [[String]], keeping: Set<Int> = [], sparing: [Int] = []) {
        self.header = header
        self.rows = rows
        self.keeping = keeping
        self.sparing = sparing
    }

    /// The table for a stream, without a newline at its end.
    public func text(for terminal: Terminal) -> String {
        let lines = [header] + rows
        guard terminal.isTTY else {
            return lines.map { $0.map(Self.inOneLine).joined(separator: "\t") }.joined(separator: "\n")
        }
        let columns = fitted(lines, to: terminal.width)
        return lines.enumerated().map { index, cells in
            let line = columns.map { Self.padded(cells[$0.index], to: $0.width) }.joined(separator: "  ")
            let trimmed = String(line.reversed().drop { $0 == " " }.reversed())
            return index == 0 ? Style.bold.apply(trimmed, terminal) : trimmed
        }.joined(separator: "\n")
    }

    /// A column that is shown, and how wide.
    private typealias Column = (index: Int, width: Int)

    /// Takes from the widest column until the line fits; a column keeps five letters.
    private func fitted(_ lines: [[String]], to width: Int) -> [Column] {
        var columns = shown(lines, on: width)
        var excess = columns.map(\.width).reduce(0, +) + 2 * (columns.count - 1) - width
        let shrinking = columns.indices.filter { !keeping.contains(columns[$0].index) }
        while excess > 0, let widest = shrinking.max(by: { columns[$0].width < columns[$1].width }),
            columns[widest].width > Self.narrowest
        {
            columns[widest].width -= 1
            excess -= 1
        }
        return columns
    }

    /// Leaves columns out where even five letters of each would be too many: first those in which nothing stands.
    private func shown(_ lines: [[String]], on width: Int) -> [Column] {
        var columns = header.indices.map { column in (column, lines.map { $0[column].count }.max() ?? 0) } as [Column]
        let empty = header.indices.filter { column in rows.allSatisfy { $0[column] == "-" } }.reversed()
        for spare in Array(empty) + sparing {
            let least = columns.map { keeping.contains($0.index) ? $0.width : min($0.width, Self.narrowest) }
            guard least.reduce(0, +) + 2 * (columns.count - 1) > width else { break }
            columns.removeAll { $0.index == spare }
        }
        return columns
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
