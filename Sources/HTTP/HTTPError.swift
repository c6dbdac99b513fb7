/// No answer came: what libcurl says, and whether the server can have seen the request.
public struct HTTPError: Error, Sendable {
    /// libcurl's `CURLcode`.
    public var code: Int
    /// libcurl's own words, with the host that was meant.
    public var message: String
    /// True when the request cannot have reached the server (name not found, no connection, TLS refused):
    /// repeating it is safe. False leaves the outcome unknown.
    public var neverSent: Bool

    /// An error from its parts.
    public init(code: Int, message: String, neverSent: Bool) {
        self.code = code
        self.message = message
        self.neverSent = neverSent
    }
}
