import Foundation

/// Points in time as seconds since 1970, and the forms in which AWS's tools write them.
public enum Timestamp {
    /// The time now.
    public static let now: @Sendable () -> Double = { Date().timeIntervalSince1970 }

    /// Reads `2026-01-31T12:00:00Z`, with a fraction, an offset, or the `UTC` that older AWS CLIs write; nil for anything else.
    public static func seconds(_ text: String) -> Double? {
        let normal = text.hasSuffix("UTC") ? text.dropLast(3) + "Z" : text[...]
        let styles = [Date.ISO8601FormatStyle(), Date.ISO8601FormatStyle(includingFractionalSeconds: true)]
        for style in styles {
            if let date = try? style.parse(String(normal)) { return date.timeIntervalSince1970 }
        }
        return nil
    }

    /// Writes `2026-01-31T12:00:00Z`.
    public static func text(_ seconds: Double) -> String {
        Date(timeIntervalSince1970: seconds.rounded(.down)).formatted(Date.ISO8601FormatStyle())
    }
}
