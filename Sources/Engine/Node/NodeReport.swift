import AWS
import Foundation

/// How a node is, as it says when it is asked, or as it last wrote into its tag.
public struct NodeReport: Sendable, Codable {
    /// Where a report comes from.
    public enum Source: String, Sendable, Codable {
        /// The node was asked.
        case node
        /// The node could not be asked: its tag `cloudrails:status`.
        case tag
    }

    /// A systemd service and whether it is active, by systemd's word.
    public struct Service: Sendable, Codable {
        /// Its unit.
        public var unit: String
        /// `active`, `inactive`, `failed`, …
        public var active: String
    }

    /// Where the report comes from.
    public var source: Source
    /// The node's name.
    public var node: String
    /// What it runs.
    public var target: String
    /// `installing`, `starting`, `sealed`, `stopped`, `syncing`, `synced`, `stalled`, `failed`; a newer node may know more.
    /// `loading` for one that is synced, but whose data volume still loads its blocks from a snapshot.
    public var state: String
    /// Why, where something is wrong or not done yet.
    public var reason: String?
    /// The last block that it has.
    public var height: Int?
    /// The last block of its network, as far as it knows.
    public var networkHeight: Int?
    /// Blocks that it lacks.
    public var lag: Int?
    /// The hash of its last block.
    public var hash: String?
    /// Blocks a minute.
    public var rate: Double?
    /// How much of the chain it has, per cent.
    public var percent: Double?
    /// Seconds until it is at the head, at least.
    public var etaLowSeconds: Int?
    /// Seconds until it is at the head, at most.
    public var etaHighSeconds: Int?
    /// Nodes that it is connected with.
    public var peers: Int?
    /// How full its data volume is, per cent.
    public var diskPercent: Int?
    /// Days until the data volume is full, at the pace of late.
    public var daysUntilFull: Int?
    /// Its programs with their versions.
    public var client: String?
    /// Its services; empty where only the tag is known.
    public var services: [Service]
    /// When it said so, ISO 8601.
    public var at: String
    /// How far its data volume is that still loads its blocks from a snapshot; nil for one that is whole.
    public var initialization: VolumeInitialization?

    /// Reads what `cloudrails-node status --json` prints; nil where it is something else.
    init?(json: String) {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        guard let said = try? decoder.decode(Said.self, from: Data(json.utf8)) else { return nil }
        source = .node
        (node, target, state, reason) = (said.node, said.target, said.state, said.reason.nonEmpty)
        (height, networkHeight, lag, hash) = (said.height, said.networkHeight, said.lag, said.hash.nonEmpty)
        (rate, percent, etaLowSeconds, etaHighSeconds) = (said.rate, said.percent, said.etaLowS, said.etaHighS)
        (peers, diskPercent, daysUntilFull) = (said.peers, said.diskPercent, said.daysUntilFull)
        (client, services, at) = (said.client.nonEmpty, said.services, said.at)
    }

    /// The word of a node that has the whole chain.
    static let synced = "synced"

    /// What the node last wrote into its tag.
    init(_ node: Node, _ tag: NodeStatus) {
        source = .tag
        (self.node, target, state, reason) = (node.name, node.target, tag.state, tag.reason)
        (height, networkHeight, lag, diskPercent) = (tag.height, tag.target, tag.lag, tag.disk)
        services = []
        at = tag.at ?? ""
    }

    /// Seconds since 1970 at which the node said so.
    public var moment: Double? { NodeStatus.seconds(at) }

    /// The helper's own keys.
    private struct Said: Decodable {
        var node: String
        var target: String
        var state: String
        var reason: String?
        var height: Int?
        var networkHeight: Int?
        var lag: Int?
        var hash: String?
        var rate: Double?
        var percent: Double?
        var etaLowS: Int?
        var etaHighS: Int?
        var peers: Int?
        var diskPercent: Int?
        var daysUntilFull: Int?
        var client: String?
        var services: [Service]
        var at: String
    }
}

extension Environment {
    /// Asks a node how it is.
    /// - Throws: `Problem` where it cannot be reached, or does not answer as it should.
    public func report(of node: Node, via: RemoteRoute? = nil) async throws -> NodeReport {
        let result = try await remote(["cloudrails-node", "status", "--json"], on: node, via: via)
        if result.exitCode == 0, let report = NodeReport(json: result.stdout) { return report }
        throw Self.helperFailed(node, result)
    }

    /// Asks a node how it is, and takes what it last wrote into its tag where it cannot be asked; a warning says why.
    public func reportOrTag(of node: Node, via: RemoteRoute? = nil) async throws -> NodeReport {
        do {
            return try await report(of: node, via: via)
        } catch let problem as Problem where node.state == "running" {
            guard let tag = node.reported else { throw problem }
            let cause = problem.cause.map { "\n  \($0)" } ?? ""
            events(.warning("\(problem.summary); this is what it last wrote into its tag.\(cause)"))
            return NodeReport(node, tag)
        }
    }

    /// How a node is, by itself or its tag, and whether its data volume is whole: only then it is called ready.
    /// DescribeVolumes, DescribeVolumeStatus, and what reaching the node takes.
    public func status(of node: Node, via: RemoteRoute? = nil) async throws -> NodeReport {
        async let initialization = initialization(of: node)
        var report = try await reportOrTag(of: node, via: via)
        report.initialization = try await initialization
        if report.initialization != nil, report.state == NodeReport.synced { report.state = "loading" }
        return report
    }

    /// The helper on a node ended otherwise than it should.
    static func helperFailed(_ node: Node, _ result: RemoteResult) -> Problem {
        guard result.exitCode != 127 else {
            return Problem(
                "\(node.name) has no cloudrails-node yet", cause: "its first start is under way, or has failed",
                fix: "cloudrails node wait \(node.name) --until installed", kind: .tryLater)
        }
        let said = (result.stderr.nonEmpty ?? result.stdout).split(whereSeparator: \.isNewline).suffix(5)
        return Problem(
            "cloudrails-node on \(node.name) ended with status \(result.exitCode)",
            cause: said.joined(separator: "\n           "), fix: "cloudrails node logs \(node.name)")
    }
}

extension Optional where Wrapped == String {
    /// Nil for an empty text.
    fileprivate var nonEmpty: String? { flatMap(\.nonEmpty) }
}

extension String {
    /// Nil for an empty text.
    fileprivate var nonEmpty: String? { isEmpty ? nil : self }
}
