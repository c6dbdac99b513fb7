import Engine

/// Draws a network as a tree.
enum NetworkTree {
    static func draw(_ report: NetworkReport) -> String {
        var lines = ["\(report.network) in \(report.region)"]
        add(report.parts, indent: "", to: &lines)
        return lines.joined(separator: "\n")
    }

    private static func add(_ parts: [NetworkReport.Part], indent: String, to lines: inout [String]) {
        for (index, part) in parts.enumerated() {
            let isLast = index == parts.count - 1
            lines.append(indent + (isLast ? "└─ " : "├─ ") + line(part))
            add(part.parts, indent: indent + (isLast ? "   " : "│  "), to: &lines)
        }
    }

    private static func line(_ part: NetworkReport.Part) -> String {
        let what = "\(part.kind) \(part.name)"
        guard let id = part.id else { return "\(what)  MISSING\(part.detail.map { " (\($0))" } ?? "")" }
        let shown = id == part.name ? "" : "  \(id)"
        return what + shown + (part.detail.map { "  \($0)" } ?? "")
    }
}
