#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// What is known about a stream.
public struct Terminal: Sendable, Equatable {
    /// True where a person looks at it.
    public var isTTY: Bool
    /// Columns; 80 where nobody knows.
    public var width: Int
    /// Lines; 24 where nobody knows.
    public var height: Int
    /// True where colours help.
    public var hasColour: Bool
    /// True where lines can be drawn again in place.
    public var isLive: Bool

    /// A stream from its parts.
    public init(
        isTTY: Bool, width: Int = 80, height: Int = 24, hasColour: Bool = false, isDumb: Bool = false
    ) {
        self.isTTY = isTTY
        self.width = width
        self.height = height
        self.hasColour = hasColour
        isLive = isTTY && !isDumb
    }

    /// A file descriptor of this process. `NO_COLOR` (https://no-color.org) and `TERM=dumb` switch colours off.
    public static func of(_ descriptor: Int32, environment: [String: String]) -> Terminal {
        guard isatty(descriptor) == 1 else { return Terminal(isTTY: false) }
        var size = winsize()
        let known = ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 && size.ws_row > 0
        let isDumb = environment["TERM"] == "dumb"
        return Terminal(
            isTTY: true, width: known ? Int(size.ws_col) : 80, height: known ? Int(size.ws_row) : 24,
            hasColour: !isDumb && environment["NO_COLOR", default: ""].isEmpty, isDumb: isDumb)
    }
}

/// Text attributes, used only where a person looks.
enum Style: String {
    case bold = "1"
    case dim = "2"
    case reverse = "7"
    case red = "31"
    case green = "32"
    case yellow = "33"

    func apply(_ text: String, _ terminal: Terminal) -> String {
        terminal.hasColour ? "\u{1B}[\(rawValue)m\(text)\u{1B}[0m" : text
    }
}
