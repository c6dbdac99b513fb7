import AWS
public import ChainKit
import Foundation

/// What an upgrade came to.
public struct NodeUpgrade: Sendable, Codable {
    /// The node's name.
    public var node: String
    /// Its programs with their versions, before.
    public var before: String
    /// The same, after.
    public var after: String
    /// False when it ran already what the profile pins, so that nothing was sent.
    public var isChanged: Bool

    /// A node that runs already what its chain pins.
    public init(unchanged node: Node, _ programs: String) {
        self.init(node: node.name, before: programs, after: programs, isChanged: false)
    }

    init(node: String, before: String, after: String, isChanged: Bool) {
        self.node = node
        self.before = before
        self.after = after
        self.isChanged = isChanged
    }
}

extension Environment {
    /// Brings a node to what the profile pins, by the same script that a launch of it would send now. The helper on the node
    /// installs beside, stops, switches and starts, and goes back by itself when the new programs do not answer.
    /// EC2 DescribeInstances; and commands on the node.
    /// - Parameter before: its programs with their versions, as its report tells.
    /// - Throws: `Problem` that tells whether the node runs as before.
    public func upgrade(
        _ node: Node, from before: String, to profile: any ChainProfile, via: RemoteRoute? = nil
    ) async throws -> NodeUpgrade {
        guard let architecture = Architecture(rawValue: node.architecture) else {
            throw Problem("\(node.name) is of the architecture \(node.architecture)", cause: "no client exists for it")
        }
        let script = try UserData.make(
            profile: profile, node: node.name, architecture: architecture, region: region, data: .existing)
        let words = Self.upgradeCommand(try await script.sent())
        let title = "upgrading \(node.name) from \(before) to \(profile.clients)"
        return try await step("upgrade", title, done: { $0.after }) {
            let result = try await remote(words, on: node, via: via, title: "cloudrails-node upgrade")
            guard result.exitCode == 0 else { throw Self.upgradeFailed(node, result) }
            let after = isPlan ? profile.clients : try await report(of: node, via: via).client ?? "unknown"
            return NodeUpgrade(node: node.name, before: before, after: after, isChanged: true)
        }
    }

    /// The script travels as a word, so that the run is one run, whatever becomes of the connection.
    private static func upgradeCommand(_ script: [UInt8]) -> [String] {
        let unpack = """
            set -e
            file=$(mktemp)
            trap 'rm -f "$file"' EXIT
            printf %s "$1" | base64 -d >"$file"
            cloudrails-node upgrade "$file"
            """
        return ["sh", "-c", unpack, "upgrade", Data(script).base64EncodedString()]
    }

    private static func upgradeFailed(_ node: Node, _ result: RemoteResult) -> Problem {
        guard result.exitCode != 127 else { return helperFailed(node, result) }
        let said = (result.stderr.isEmpty ? result.stdout : result.stderr).split(whereSeparator: \.isNewline).suffix(5)
        return Problem(
            "\(node.name) was not upgraded", cause: said.joined(separator: "\n           "),
            fix: "cloudrails node logs \(node.name), then cloudrails node status \(node.name)")
    }
}
