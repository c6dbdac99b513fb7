import AWS

extension Environment {
    /// Ends a node and waits until it is gone.
    ///
    /// Where its data is kept, its client is stopped cleanly first: EC2 ends a machine by force after some minutes, and a
    /// chain's database may take longer to close. A node that cannot be reached ends without.
    /// Whether the data volume goes along is told to AWS before the end begins, so that nothing is left to be done
    /// afterwards: a run that is killed in between leaves no stray volume.
    /// ModifyInstanceAttribute, TerminateInstances, DescribeInstances; and a command on a node that runs.
    /// - Throws: `Problem` when the client does not stop cleanly and that is not forced.
    public func terminate(_ node: Node, deleteData: Bool, _ clean: CleanStop) async throws -> Node {
        let id = InstanceID(rawValue: node.instance)
        if node.isAlive {
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
