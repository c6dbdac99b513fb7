internal import Foundation

/// EC2 GetConsoleOutput: the last 64 KB of what a machine wrote on its console.
public struct GetConsoleOutput: EC2Operation, ReadOperation {
    /// The text; empty where there is none yet.
    public typealias Output = String
    /// The instance.
    public var instanceID: InstanceID
    /// True for what it wrote to this moment, which machines on Nitro alone tell; false for what EC2 kept shortly after the
    /// last start or stop.
    public var latest: Bool

    /// Asks for this instance's console.
    public init(instanceID: InstanceID, latest: Bool = false) {
        self.instanceID = instanceID
        self.latest = latest
    }

    func encode(to form: inout QueryForm) {
        form.set("InstanceId", instanceID)
        form.set("Latest", latest)
    }

    static func decode(_ answer: XMLElement) throws -> String {
        let bytes = Data(base64Encoded: answer["output"] ?? "", options: .ignoreUnknownCharacters) ?? Data()
        return String(decoding: bytes, as: UTF8.self)
    }
}
