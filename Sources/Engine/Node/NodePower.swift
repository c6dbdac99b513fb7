import AWS

/// Starts and stops the machines of nodes. Each step looks first, so a run that was cut short is finished by another.
extension Environment {
    /// Stops a node: its client cleanly, then its machine, whose volumes stay.
    /// EC2 StopInstances, DescribeInstances; and a command on the node.
    /// - Throws: `Problem` when the client cannot be stopped cleanly and that is not forced.
    public func stop(_ node: Node, _ clean: CleanStop) async throws -> Node {
        var node = try await settledState(of: node)
        if node.state == "running" {
            guard !node.isSpot else {
                throw Problem(
                    "\(node.name) is a spot instance, which cannot be stopped", cause: "AWS only lets it be terminated",
                    fix: "cloudrails node terminate \(node.name), which keeps the data volume")
            }
            try await stopClient(node, clean)
            _ = try await aws.call(StopInstances(instanceIDs: [node.id]))
            node.state = "stopping"
        }
        return try await wait(for: node, toBe: .stopped, "stopping \(node.name) (\(node.instance))")
    }

    /// Starts a node's machine, which starts its client by itself; the client alone where only that was stopped.
    /// EC2 StartInstances, DescribeInstances; and a command on a node whose machine runs.
    public func start(_ node: Node, via: RemoteRoute?) async throws -> Node {
        var node = try await settledState(of: node)
        if node.state == "running" {
            try await step("client", "starting the client of \(node.name)", done: { "started" }) {
                try await helper("start", on: node, via: via)
            }
            return node
        }
        try await startMachine(&node)
        return try await waitUntilRunning(node)
    }

    /// Restarts a node's client, or its machine after the client has ended.
    /// EC2 RebootInstances; and a command on the node.
    public func restart(_ node: Node, machine: Bool, _ clean: CleanStop) async throws -> Node {
        let node = try await settledState(of: node)
        guard node.state == "running" else { throw Self.notRunning(node) }
        if machine {
            try await stopClient(node, clean)
            _ = try await aws.call(RebootInstances(instanceIDs: [node.id]))
        } else {
            try await step("client", "restarting the client of \(node.name)", done: { "restarted" }) {
                try await helper("restart", on: node, via: clean.route)
            }
        }
        return node
    }

    /// Waits until the node runs. AWS may take its time; there is no limit.
    /// - Throws: `Problem` with AWS's reason when it stops instead.
    public func waitUntilRunning(_ node: Node) async throws -> Node {
        try await wait(for: node, toBe: .running, "waiting until \(node.name) runs")
    }

    func startMachine(_ node: inout Node) async throws {
        do {
            _ = try await aws.call(StartInstances(instanceIDs: [node.id]))
        } catch let error as AWSError where error.kind == .capacity {
            throw Problem(
                "AWS has no \(node.type) free in \(node.zone), where \(node.name) and its volume are",
                cause: error.message,
                fix: "try again later, or another type: cloudrails node resize \(node.name) --instance-type TYPE",
                kind: .tryLater, requestID: error.requestID)
        }
        node.state = "pending"
    }

    /// The node once its machine rests: running or stopped.
    private func settledState(of node: Node) async throws -> Node {
        switch node.state {
        case "pending": return try await waitUntilRunning(node)
        case "stopping": return try await wait(for: node, toBe: .stopped, "\(node.name) is stopping")
        case "running", "stopped": return node
        default: throw Problem("\(node.name) is \(node.state)", cause: node.stateReason, fix: "cloudrails node list")
        }
    }

    /// Waits for a state of the machine. What a describe shows right after a change may be the state before it.
    private func wait(for node: Node, toBe wanted: InstanceState, _ title: String) async throws -> Node {
        guard !isPlan, node.state != wanted.rawValue else { return node }
        let clock = ContinuousClock()
        let settles = clock.now + patience.consistencyWindow
        return try await step(wanted.rawValue, title, done: { $0.publicAddress ?? $0.state }) {
            try await patience.poll(limit: nil) { () async throws -> Node? in
                let now = try await nodes(named: node.name).first { $0.instance == node.instance }
                if let now, now.state == wanted.rawValue { return now }
                let isOver = now.map { !$0.isAlive } ?? false
                let hasStayed = ["running", "stopped"].contains(now?.state ?? "stopped") && clock.now > settles
                guard isOver || hasStayed else { return nil }
                throw Problem(
                    "\(node.name) is \(now?.state ?? "gone") instead of \(wanted.rawValue)", cause: now?.stateReason,
                    fix: "cloudrails node show \(node.name)")
            } ?? node
        }
    }
}

extension Node {
    /// The instance's id as AWS's calls take it.
    var id: InstanceID { InstanceID(rawValue: instance) }
}
