/// What a command has come to on one instance.
public struct CommandInvocation: Sendable {
    /// `Pending`, `InProgress`, `Delayed`, `Success`, `Cancelled`, `Cancelling`, `TimedOut`, `Failed`.
    public var status: String
    /// The same, more exactly: `DeliveryTimedOut`, `Undeliverable`, …
    public var statusDetails: String
    /// The first 24,000 characters of standard output; empty until it has ended.
    public var standardOutputContent: String
    /// The first 8,000 characters of standard error.
    public var standardErrorContent: String

    /// True when nothing more will happen.
    public var hasEnded: Bool { !["Pending", "InProgress", "Delayed", "Cancelling"].contains(status) }
}

/// SSM GetCommandInvocation. `InvocationDoesNotExist` for a moment after the command was sent.
public struct GetCommandInvocation: SSMOperation, ReadOperation {
    /// What the command has come to.
    public typealias Output = CommandInvocation
    /// The command.
    public var commandID: CommandID
    /// The instance.
    public var instanceID: InstanceID

    /// Asks for this command on this instance.
    public init(commandID: CommandID, instanceID: InstanceID) {
        self.commandID = commandID
        self.instanceID = instanceID
    }

    var input: [String: String] { ["CommandId": commandID.rawValue, "InstanceId": instanceID.rawValue] }

    static func decode(_ answer: Answer) -> CommandInvocation {
        CommandInvocation(
            status: answer.status, statusDetails: answer.statusDetails ?? answer.status,
            standardOutputContent: answer.standardOutputContent ?? "",
            standardErrorContent: answer.standardErrorContent ?? "")
    }

    struct Answer: Decodable {
        var status: String
        var statusDetails: String?
        var standardOutputContent: String?
        var standardErrorContent: String?
    }
}
