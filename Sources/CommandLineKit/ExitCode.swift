/// How a run ended. The numbers above 63 are those of sysexits(3).
public struct ExitCode: RawRepresentable, Sendable, Hashable {
    /// 0 to 255.
    public let rawValue: Int32
    /// 0 to 255.
    public init(rawValue: Int32) { self.rawValue = rawValue }

    /// Done.
    public static let success = ExitCode(rawValue: 0)
    /// AWS, or what is in the account, stands in the way.
    public static let failure = ExitCode(rawValue: 1)
    /// What was typed makes no sense; nothing was done.
    public static let usage = ExitCode(rawValue: 64)
    /// The endpoint cannot be reached.
    public static let unavailable = ExitCode(rawValue: 69)
    /// A fault of the program.
    public static let software = ExitCode(rawValue: 70)
    /// It may work later.
    public static let temporary = ExitCode(rawValue: 75)
    /// Credentials or permissions are missing.
    public static let noPermission = ExitCode(rawValue: 77)
    /// A setting or a configuration file is wrong or missing.
    public static let configuration = ExitCode(rawValue: 78)
    /// Ctrl-C.
    public static let interrupted = ExitCode(rawValue: 130)
}

/// Ends a run with a code and without a word: what there is to say has been said.
public struct ExitRequest: Error, Sendable {
    /// How the run ends.
    public var code: ExitCode
    /// Ends the run so.
    public init(_ code: ExitCode) { self.code = code }
}

/// What went wrong, for people: one is printed at the end of a run that failed.
public struct Diagnostic: Sendable {
    /// What happened.
    public var summary: String
    /// Why.
    public var cause: String?
    /// What to type next.
    public var fix: String?
    /// What AWS support asks for.
    public var requestID: String?
    /// How the run ends.
    public var exitCode: ExitCode

    /// A diagnostic from its parts.
    public init(
        _ summary: String, cause: String? = nil, fix: String? = nil, requestID: String? = nil, exitCode: ExitCode
    ) {
        self.summary = summary
        self.cause = cause
        self.fix = fix
        self.requestID = requestID
        self.exitCode = exitCode
    }

    /// Some lines for stderr.
    public var text: String {
        var lines = ["error: \(summary)"]
        if let cause, !cause.isEmpty { lines.append("  because: \(cause)") }
        if let fix { lines.append("  try: \(fix)") }
        if let requestID { lines.append("  AWS request id: \(requestID)") }
        return lines.joined(separator: "\n")
    }
}
