/// Something in the settings, the shared files or the credentials has to be put right by the user.
///
/// Holds no secret: values that could be one are never part of the text.
public struct ConfigurationError: Error, Sendable, Equatable, CustomStringConvertible {
    /// Which exit status fits.
    public enum ExitClass: Sendable {
        /// A setting, a profile or a file is wrong or missing.
        case configuration
        /// There are no keys, or the ones found are expired or refused.
        case credentials
    }

    /// What is wrong, in one sentence without a full stop.
    public var summary: String
    /// Why, where the summary does not say it; may have several lines.
    public var cause: String?
    /// What to type or change next; may have several lines.
    public var fix: String?
    /// The file at fault.
    public var file: String?
    /// The line in the file, from 1.
    public var line: Int?
    /// Which exit status fits.
    public var exitClass: ExitClass

    /// An error from its parts.
    public init(
        _ summary: String, cause: String? = nil, fix: String? = nil, file: String? = nil, line: Int? = nil,
        exitClass: ExitClass = .configuration
    ) {
        self.summary = summary
        self.cause = cause
        self.fix = fix
        self.file = file
        self.line = line
        self.exitClass = exitClass
    }

    /// `file:line`, or the file, or nil where no file is at fault.
    public var place: String? {
        guard let file else { return nil }
        return line.map { "\(file):\($0)" } ?? file
    }

    /// Place, summary, cause and fix.
    public var description: String {
        ([place.map { "\($0): \(summary)" } ?? summary] + [cause, fix].compactMap { $0 }).joined(separator: "\n")
    }
}
