/// The id of a command that Systems Manager runs.
public typealias CommandID = ResourceID<SendCommand>

/// SSM SendCommand: runs a shell script as root on one instance, by the document `AWS-RunShellScript`.
///
/// It knows no ClientToken: what is sent has to see by itself whether it ran already.
public struct SendCommand: SSMOperation, MutatingOperation {
    /// The command's id.
    public typealias Output = CommandID
    /// The instance.
    public var instanceID: InstanceID
    /// The script, for `sh`. Two opening braces in a row would be taken for a reference to a parameter.
    public var script: String
    /// For people who look into the console; at most 100 characters.
    public var comment: String
    /// Seconds in which the agent has to fetch it, 30 to 2,592,000.
    public var deliveryTimeout: Int
    /// Never repeated blindly.
    public static var repeatability: Repeatability { .never }

    /// The call from its parts.
    public init(instanceID: InstanceID, script: String, comment: String, deliveryTimeout: Int) {
        self.instanceID = instanceID
        self.script = script
        self.comment = String(comment.prefix(100))
        self.deliveryTimeout = deliveryTimeout
    }

    /// What a plan shows.
    public var planned: CommandID { "planned" }

    var input: Input {
        Input(
            instanceIds: [instanceID.rawValue], comment: comment, timeoutSeconds: deliveryTimeout,
            parameters: ["commands": [script], "executionTimeout": [Self.longestExecution]])
    }

    static func decode(_ answer: Answer) -> CommandID { CommandID(rawValue: answer.command.commandId) }

    /// Two days, the most that the document takes: a node may need hours to stop.
    private static let longestExecution = "172800"

    struct Input: Encodable {
        var instanceIds: [String]
        var documentName = "AWS-RunShellScript"
        var comment: String
        var timeoutSeconds: Int
        var parameters: [String: [String]]
    }

    struct Answer: Decodable {
        struct Command: Decodable { var commandId: String }
        var command: Command
    }
}
