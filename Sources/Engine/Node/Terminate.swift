import AWS

/// A node that is gone, and what it left.
public struct TerminatedNode: Sendable, Codable {
    /// The node.
    public var node: Node
    /// The data volume that stays and costs money.
    public var keptVolume: String?
    /// About what it costs, US dollars a month; nil where there is none, or the price is not known.
    public var keptVolumeMonthlyUSD: Double?
}

extension Environment {
    /// Ends a node, waits until it is gone, and tells what it left.
    ///
    /// Where its data is kept, its client is stopped cleanly first: EC2 ends a machine by force after some minutes, and a
    /// chain's database may take longer to close. A node that cannot be reached ends without.
    /// Whether the data volume goes along is told to AWS before the end begins, so that nothing is left to be done
    /// afterwards: a run that is killed in between leaves no stray volume.
    /// ModifyInstanceAttribute, TerminateInstances, DescribeInstances, DescribeVolumes; and a command on a node that runs.
    /// - Throws: `Problem` when the client does not stop cleanly and that is not forced, and when the data is to be deleted of
    ///   a node whose end has begun with the data kept.
    public func terminate(_ node: Node, deleteData: Bool, _ clean: CleanStop) async throws -> TerminatedNode {
        if node.isAlive { try await beginEnd(of: node, deleteData: deleteData, clean) }
        if !node.isAlive, node.deletesData, !deleteData, let volume = node.dataVolume {
            events(.note("\(volume) is deleted along with it: that was settled before its end began"))
        }
        let gone = try await waitUntilGone(node)
        guard !isPlan || !node.isAlive else { return TerminatedNode(node: gone) }
        let volumes = try await dataVolumes(ofNode: node.name)
        let kept = Self.keptVolume(of: node, deleteData: deleteData, volumes)
        if let kept, deleteData { throw Self.dataWasKept(node, kept) }
        return TerminatedNode(
            node: gone, keptVolume: kept, keptVolumeMonthlyUSD: volumes.first { $0.id == kept }?.monthlyUSD)
    }

    private func beginEnd(of node: Node, deleteData: Bool, _ clean: CleanStop) async throws {
        let id = InstanceID(rawValue: node.instance)
        if node.state == "running", node.dataVolume != nil, !deleteData {
            try await stopClientIfReachable(node, clean)
        }
        if node.dataVolume != nil, node.deletesData != deleteData {
            let fate = deleteData ? "to be deleted" : "to be kept"
            try await step("data", "data volume \(node.dataVolume ?? "")", done: { fate }) {
                _ = try await aws.call(
                    ModifyInstanceAttribute(
                        instanceID: id, deviceName: Launch.dataDevice, deleteOnTermination: deleteData))
            }
        }
        _ = try await aws.call(TerminateInstances(instanceIDs: [id]))
    }

    /// Of a node whose end has begun, what was told to AWS then holds, whatever is asked for now. EC2 shows the volumes of a
    /// machine until it is gone: afterwards the one that is kept under its name is taken for its own.
    private static func keptVolume(of node: Node, deleteData: Bool, _ volumes: [DataVolume]) -> String? {
        guard node.isAlive || node.dataVolume != nil else {
            return volumes.first { $0.isKept && $0.target == node.target }?.id
        }
        return (node.isAlive ? deleteData : node.deletesData) ? nil : node.dataVolume
    }

    private static func dataWasKept(_ node: Node, _ volume: String) -> Problem {
        Problem(
            "\(node.name) (\(node.instance)) was ending already, and the data volume \(volume) is kept",
            cause: "whether it goes along is settled before the end begins",
            fix: "cloudrails volume delete \(volume)")
    }

    private func waitUntilGone(_ node: Node) async throws -> Node {
        guard !isPlan, node.state != "terminated" else { return node }
        return try await step("gone", "terminating \(node.name) (\(node.instance))", done: { _ in "gone" }) {
            try await patience.poll(limit: nil) { () async throws -> Node? in
                let now = try await nodes(named: node.name).first { $0.instance == node.instance }
                var gone = now ?? node
                if now == nil { gone.state = "terminated" }
                return gone.state == "terminated" ? gone : nil
            } ?? node
        }
    }
}
