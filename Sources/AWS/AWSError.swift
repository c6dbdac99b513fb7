/// AWS refused a call.
public struct AWSError: Error, Sendable {
    /// Classes that callers act upon; told by code, never by message.
    public enum Kind: Sendable {
        /// Too many calls; the client has already waited and tried again.
        case throttled
        /// A fault on AWS's side.
        case transient
        /// No machine of this type free in this zone.
        case capacity
        /// The account's limit is reached.
        case quota
        /// The caller lacks a permission.
        case permission
        /// The keys are wrong, missing or expired.
        case credentials
        /// A thing that was made a moment ago does not show yet, or is not there at all.
        case notYetVisible
        /// Everything else.
        case other
    }

    /// The class of the error.
    public var kind: Kind
    /// The service that was asked.
    public var service: AWSService
    /// The action's name.
    public var action: String
    /// AWS's code, such as `InvalidVpcID.NotFound`.
    public var code: String
    /// AWS's words.
    public var message: String
    /// What AWS support asks for.
    public var requestID: String?
    /// The HTTP status.
    public var status: Int

    /// An error from its parts; its kind follows from its code.
    public init(
        service: AWSService, action: String, code: String, message: String, requestID: String?, status: Int
    ) {
        kind = Kind(code: code, status: status)
        self.service = service
        self.action = action
        self.code = code
        self.message = message
        self.requestID = requestID
        self.status = status
    }
}

/// The answer to a call that must not be repeated blindly was lost: it may have taken effect.
public struct OutcomeUnknown: Error, Sendable {
    /// The action's name.
    public var action: String
    /// What went wrong instead of an answer.
    public var cause: any Error

    /// An unknown outcome and what caused it.
    public init(action: String, cause: any Error) {
        self.action = action
        self.cause = cause
    }
}
