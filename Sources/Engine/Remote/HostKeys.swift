import AWS
import Foundation

/// Host keys as cloud-init prints them on a machine's console, between two marks
/// (https://docs.cloud-init.io/en/latest/reference/modules.html#keys-to-console).
enum HostKeys {
    private static let types: Set = ["ssh-ed25519", "ecdsa-sha2-nistp256", "ssh-rsa"]

    /// `type base64` of each key of the last whole block.
    static func onConsole(_ text: String) -> [String] {
        var block: [String]?
        var found: [String] = []
        for line in text.split(whereSeparator: \.isNewline) {
            if line.contains("-----BEGIN SSH HOST KEY KEYS-----") {
                block = []
            } else if line.contains("-----END SSH HOST KEY KEYS-----") {
                found = block ?? found
                block = nil
            } else if block != nil, let key = key(line) {
                block?.append(key)
            }
        }
        return found
    }

    /// The console may put a time before each line.
    private static func key(_ line: Substring) -> String? {
        let words = line.split(separator: " ")
        guard let index = words.firstIndex(where: { types.contains(String($0)) }), index + 1 < words.count,
            Data(base64Encoded: String(words[index + 1])) != nil
        else { return nil }
        return "\(words[index]) \(words[index + 1])"
    }
}

extension Environment {
    /// Sees that the node's host keys stand in the project's own file: from the console, which only AWS can write to us.
    /// - Returns: false where nobody knows them, so that the first one that shows itself has to be taken on trust.
    func knowHostKeys(of node: Node, in file: String) async throws -> Bool {
        let known = (try? String(contentsOfFile: file, encoding: .utf8)) ?? ""
        if known.split(separator: "\n").contains(where: { $0.hasPrefix("\(node.instance) ") }) { return true }
        let keys = await keysOnConsole(of: node)
        guard !keys.isEmpty else {
            events(
                .note(
                    "The host key of \(node.name) is taken on trust this first time and kept in \(file): "
                        + "its console shows none."))
            try Self.append("", to: file)
            return false
        }
        try Self.append(keys.map { "\(node.instance) \($0)\n" }.joined(), to: file)
        return true
    }

    /// What EC2 kept of the console may end before the keys, or be of a later start, which prints none. The newest text is
    /// told of machines on Nitro only; elsewhere that is refused, and there is none.
    private func keysOnConsole(of node: Node) async -> [String] {
        for latest in [false, true] {
            let call = GetConsoleOutput(instanceID: InstanceID(rawValue: node.instance), latest: latest)
            let keys = HostKeys.onConsole((try? await aws.call(call)) ?? "")
            if !keys.isEmpty { return keys }
        }
        return []
    }

    private static func append(_ text: String, to path: String) throws {
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            if !FileManager.default.fileExists(atPath: path) {
                _ = FileManager.default.createFile(atPath: path, contents: nil, attributes: [.posixPermissions: 0o600])
            }
            let file = try FileHandle(forUpdating: URL(fileURLWithPath: path))
            try file.seekToEnd()
            try file.write(contentsOf: Data(text.utf8))
            try file.close()
        } catch {
            throw Problem("The host keys cannot be written to \(path)", cause: "\(error)")
        }
    }
}
