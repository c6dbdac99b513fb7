public import CommandLineKit

/// A span of time as people write it: `90s`, `30m`, `12h`, `2d`.
public struct TimeSpan: ExpressibleByArgument {
    /// The span.
    public let duration: Duration

    /// Reads a whole number with its unit.
    public init?(argument: String) {
        let units: [Character: Int] = ["s": 1, "m": 60, "h": 3_600, "d": 86_400]
        guard let unit = argument.last.flatMap({ units[$0] }), let count = Int(argument.dropLast()),
            (0...1_000_000).contains(count), argument.first?.isNumber == true
        else { return nil }
        duration = .seconds(count * unit)
    }

    /// What may be written.
    public static var valueForm: String { "a time such as 90s, 30m, 12h or 2d" }
}
