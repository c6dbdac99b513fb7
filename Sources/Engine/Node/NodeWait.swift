import AWS

/// What a wait for a node waits for.
public enum NodeGoal: String, Sendable, CaseIterable {
    /// The machine runs.
    case running
    /// The chain's programs are installed and started.
    case installed
    /// The node is at the head of its network, and its data volume has nothing left to load from a snapshot.
    case synced
}

extension Environment {
    /// Waits until a node has come so far, by EC2's state and by what the node writes into its tag every five minutes.
    ///
    /// It may take days, so there is no limit but the caller's. EC2 DescribeInstances; DescribeVolumes and DescribeVolumeStatus
    /// where it is to be synced.
    /// - Throws: `Problem` when the node has stopped, failed or stalled, or when the limit has passed.
    public func wait(for node: Node, until goal: NodeGoal, limit: Duration?) async throws -> Node {
        var volume = InitializationWatch()
        var saidWhileLoading: String?
        return try await step("wait", "waiting until \(node.name) is \(goal.rawValue)", done: Self.whatIsKnown) {
            let reached = try await patience.slow.poll(limit: limit) { () async throws -> Node? in
                let now = try await nodes(named: node.name).first { $0.instance == node.instance }
                guard let now, now.isAlive else {
                    throw Problem("\(node.name) is gone", cause: now?.stateReason, fix: "cloudrails node list")
                }
                let loading = goal == .synced ? try await volume.look(at: now, in: self) : nil
                if loading != nil { saidWhileLoading = now.reported?.at }
                let hasReached = try now.hasReached(goal, standingStillAt: saidWhileLoading)
                if hasReached && loading == nil { return now }
                let rest = loading.map { ", its data volume is loading: \($0.inWords)" } ?? ""
                events(.progressed(id: "wait", detail: Self.whatIsKnown(now) + rest))
                return nil
            }
            if let reached { return reached }
            throw Problem(
                "\(node.name) is not \(goal.rawValue) yet", cause: "the time given with --timeout has passed",
                fix: "the same command again goes on waiting", kind: .tryLater)
        }
    }

    private static func whatIsKnown(_ node: Node) -> String {
        guard node.state == "running" else { return node.state }
        guard let status = node.statusSinceStart else { return "running, has not reported yet" }
        let height = status.height.map { ", \($0) of \(status.target ?? $0)" } ?? ""
        return "\(status.state)\(height)\(status.isStale ? ", last heard of at \(status.at ?? "-")" : "")"
    }
}

extension Node {
    /// What it wrote since its machine was last started: what it wrote before is no news. Whole minutes are compared, as the
    /// node writes no others.
    var statusSinceStart: NodeStatus? {
        guard let reported, let at = reported.at, at.prefix(16) >= launched.prefix(16) else { return nil }
        return reported
    }

    /// - Parameter excused: the moment of a report, in which to have stalled is no wonder: the data volume was loading.
    fileprivate func hasReached(_ goal: NodeGoal, standingStillAt excused: String?) throws -> Bool {
        guard state == "running" else {
            guard state == "pending" else { throw Environment.notRunning(self) }
            return false
        }
        if goal == .running { return true }
        guard let status = statusSinceStart else { return false }
        switch status.state {
        case "failed":
            throw Problem(
                "\(name) has failed", cause: status.reason, fix: "cloudrails node logs \(name)")
        case "installing": return false
        case "synced": return true
        case "stopped" where goal == .synced:
            throw Problem("The client of \(name) is stopped", fix: "cloudrails node start \(name)")
        case "stalled" where goal == .synced && status.at != excused:
            throw Problem(
                "\(name) has stalled", cause: status.reason ?? "its height does not move",
                fix: "cloudrails node logs \(name)")
        default: return goal == .installed
        }
    }
}
