import CommandLineKit
import Engine

/// A node's report as lines for people.
struct StatusText {
    /// The report.
    var report: NodeReport
    /// Blocks a minute between the looks so far, oldest first; empty outside of a watch.
    var rates: [Double] = []
    /// What the lines are for.
    var terminal: Terminal

    var lines: [String] {
        let rows: [(String, String?)] = [
            ("Node", "\(report.node): \(report.target)\(report.client.map { ", \($0)" } ?? "")"),
            ("State", report.state + (report.reason.map { ": \($0)" } ?? "")),
            ("Loading", report.initialization.map { "\($0.inWords); what is read first comes from S3 until then" }),
            ("Height", height), ("Progress", progress), ("Rate", rate), ("Head in", headIn),
            ("Peers", report.peers.map(String.init)), ("Disk", disk),
        ]
        let services = report.services.map { ("Service", Optional("\($0.unit) \($0.active)")) }
        return (rows + services + [("As of", age)]).compactMap { label, value in
            guard let value, !value.isEmpty else { return nil }
            return label + String(repeating: " ", count: 10 - label.count) + value
        }
    }

    private var height: String? {
        guard let height = report.height else { return nil }
        guard let target = report.networkHeight, target > 0 else { return "\(height)" }
        return "\(height) of \(target)" + (report.lag.map { $0 > 0 ? ", \($0) to go" : "" } ?? "")
    }

    private var progress: String? {
        guard let percent = report.percent else { return nil }
        guard terminal.isLive else { return "\(percent) %" }
        let width = max(10, min(40, terminal.width - 30))
        let full = Int(percent / 100 * Double(width))
        return String(repeating: "█", count: full) + String(repeating: "░", count: width - full) + " \(percent) %"
    }

    private var rate: String? {
        guard let rate = report.rate else { return rates.isEmpty ? nil : Graph.line(rates) }
        return "\(rate) blocks a minute" + (rates.isEmpty ? "" : "  \(Graph.line(rates))")
    }

    private var headIn: String? {
        guard let low = report.etaLowSeconds, let high = report.etaHighSeconds, high > 0 else { return nil }
        let (least, most) = (Duration.rough(low), Duration.rough(high))
        return least == most ? least : "\(least) to \(most)"
    }

    private var disk: String? {
        guard let used = report.diskPercent else { return nil }
        return "\(used) % used" + (report.daysUntilFull.map { ", full in \($0) days" } ?? "")
    }

    /// A report from the tag may be old; one from the node is not.
    private var age: String? {
        guard report.source == .tag else { return report.at }
        let ago = report.moment.map { ", \(Duration.ago($0)) ago" } ?? ""
        return "\(report.at)\(ago), by its tag"
    }
}

/// Figures as a line of bars.
enum Graph {
    private static let bars = Array("▁▂▃▄▅▆▇█")

    /// The tallest bar is the greatest of the figures.
    static func line(_ figures: [Double]) -> String {
        let top = max(figures.max() ?? 0, .leastNormalMagnitude)
        return String(figures.map { bars[min(bars.count - 1, max(0, Int($0 / top * Double(bars.count - 1) + 0.5)))] })
    }
}
