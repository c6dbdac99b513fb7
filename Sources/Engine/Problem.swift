/// Something that people must act upon: what happened, why, and what to type next.
public struct Problem: Error, Sendable {
    /// What sort of thing went wrong; decides the exit code.
    public enum Kind: Sendable {
        /// What was asked for cannot be asked for; nothing was sent.
        case usage
        /// Something in the account, or on this machine, stands in the way.
        case refused
        /// It may work later: capacity, or an outcome that AWS does not show yet.
        case tryLater
    }

    /// What happened, as a sentence without a full stop.
    public var summary: String
    /// Why, when that is known.
    public var cause: String?
    /// What to type or do next.
    public var fix: String?
    /// What sort of thing went wrong.
    public var kind: Kind
    /// What AWS support asks for, where a call was behind it.
    public var requestID: String?
    /// True where no route leads to a node, so that nothing was run there.
    var isUnreachable = false

    /// A problem from its parts.
    public init(
        _ summary: String, cause: String? = nil, fix: String? = nil, kind: Kind = .refused, requestID: String? = nil
    ) {
        self.summary = summary
        self.cause = cause
        self.fix = fix
        self.kind = kind
        self.requestID = requestID
    }
}
