internal import Foundation

/// EC2 GetConsoleOutput: the last 64 KB of what a machine wrote on its console.
public struct GetConsoleOutput: EC2Operation, ReadOperation {
    /// The text; empty where there is none yet.
    public typealias Output = String
    /// The instance.
    public var instanceID: InstanceID

    /// Asks for this instance's console.
    public init(instanceID: InstanceID) { self.instanceID = instanceID }

    func encode(to form: inout QueryForm) {
        form.set("InstanceId", instanceID)
    }

    static func decode(_ answer: XMLElement) throws -> String {
        let bytes = Data(base64Encoded: answer["output"] ?? "", options: .ignoreUnknownCharacters) ?? Data()
        return String(decoding: bytes, as: UTF8.self)
    }
}
