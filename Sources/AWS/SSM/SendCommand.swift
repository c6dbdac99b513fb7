/// The id of a command that Systems Manager runs.
public typealias CommandID = ResourceID<SendCommand>

/// SSM SendCommand: runs a shell script as root on one instance, by the document `AWS-RunShellScript`.
///
/// It knows no ClientToken: what is sent has to see by itself whether it ran already.
public struct SendCommand: SSMOperation, MutatingOperation {
    /// The command's id.
    public typealias Output = CommandID
    /// The instances.
    public var instanceIDs: [InstanceID]
    /// What runs.
    public var documentName: String
    /// For people who look into the console; at most 100 characters.
    public var comment: String
    /// Seconds in which the agent has to fetch it, 30 to 2,592,000.
    public var timeoutSeconds: Int
    /// The document's parameters.
    public var parameters: [String: [String]]
    /// Never repeated blindly.
    public static var repeatability: Repeatability { .never }

    /// A script for `sh`. Two opening braces in a row would be taken for a reference to a parameter.
    public init(instanceID: InstanceID, script: String, comment: String, timeoutSeconds: Int) {
        instanceIDs = [instanceID]
        documentName = "AWS-RunShellScript"
        self.comment = String(comment.prefix(100))
        self.timeoutSeconds = timeoutSeconds
        parameters = ["commands": [script], "executionTimeout": [Self.longestExecution]]
    }

    /// What a plan shows.
    public var planned: CommandID { "planned" }

    var input: Input {
        Input(
            instanceIds: instanceIDs.map(\.rawValue), documentName: documentName, comment: comment,
            timeoutSeconds: timeoutSeconds, parameters: parameters)
    }

    static func decode(_ answer: Answer) -> CommandID { CommandID(rawValue: answer.command.commandId) }

    /// Two days, the most that the document takes: a node may need hours to stop.
    private static let longestExecution = "172800"

    struct Input: Encodable {
        var instanceIds: [String]
        var documentName: String
        var comment: String
        var timeoutSeconds: Int
        var parameters: [String: [String]]
    }

    struct Answer: Decodable {
        struct Command: Decodable { var commandId: String }
        var command: Command
    }
}
