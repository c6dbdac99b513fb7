/// A session that waits for its user: what session-manager-plugin wants to know. The token is a secret.
public struct StartedSession: Sendable, Codable {
    /// Its id.
    public var sessionId: String
    /// What opens the stream.
    public var tokenValue: String
    /// Where the stream is.
    public var streamUrl: String

    private enum CodingKeys: String, CodingKey {
        case sessionId = "SessionId"
        case tokenValue = "TokenValue"
        case streamUrl = "StreamUrl"
    }
}

/// SSM StartSession. A session that nobody opens ends by itself.
public struct StartSession: SSMOperation {
    /// The session.
    public typealias Output = StartedSession
    /// The instance.
    public var target: InstanceID
    /// What is to be run; nil for a shell.
    public var documentName: String?
    /// The document's parameters.
    public var parameters: [String: [String]]?
    /// A second session harms nobody.
    public static var repeatability: Repeatability { .always }

    /// A shell on this instance, or what a document describes.
    public init(target: InstanceID, documentName: String? = nil, parameters: [String: [String]]? = nil) {
        self.target = target
        self.documentName = documentName
        self.parameters = parameters
    }

    /// The request, as session-manager-plugin wants to see it again.
    public struct Input: Encodable, Sendable {
        var target: String
        var documentName: String?
        var parameters: [String: [String]]?
    }

    var input: Input { Input(target: target.rawValue, documentName: documentName, parameters: parameters) }

    static func decode(_ answer: Answer) -> StartedSession {
        StartedSession(
            sessionId: answer.sessionId, tokenValue: answer.tokenValue, streamUrl: answer.streamUrl)
    }

    struct Answer: Decodable {
        var sessionId: String
        var tokenValue: String
        var streamUrl: String
    }
}
