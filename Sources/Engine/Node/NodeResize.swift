import AWS
public import ChainKit

extension Environment {
    /// Gives a node another instance type; it runs afterwards, whether or not it did before.
    ///
    /// The client is stopped cleanly, the machine stopped, changed and started. What is there tells how far an earlier run
    /// came.
    /// EC2 DescribeInstanceTypes, DescribeInstanceTypeOfferings, StopInstances, ModifyInstanceAttribute, StartInstances,
    /// DescribeInstances; and a command on the node.
    /// - Throws: `Problem` of kind `usage` when the type does not fit, before anything is changed.
    public func resize(_ node: Node, to type: InstanceType, _ clean: CleanStop) async throws -> Node {
        var node = node
        if node.type != type.rawValue {
            try await refuseUnlessFitting(type, node)
            node = try await stop(node, clean)
            try await step("type", "\(node.type) becomes \(type)", done: { "done" }) {
                try await setType(type, of: node)
            }
            node.type = type.rawValue
        }
        if node.state == "stopped" || isPlan && node.state != "running" { try await startMachine(&node) }
        return try await waitUntilRunning(node)
    }

    private func refuseUnlessFitting(_ type: InstanceType, _ node: Node) async throws {
        async let zones = zonesOffering(type)
        let architectures = try await architectures(of: type)
        guard architectures.contains(node.architecture) else {
            throw Problem(
                "\(type) is \(architectures.joined(separator: ", ")), and \(node.name) is \(node.architecture)",
                cause: "the programs on it would not run",
                fix: "choose a type of its own architecture, or launch another node on its data volume", kind: .usage)
        }
        let offered = try await zones
        guard offered.contains(node.zone) else {
            throw Problem(
                "\(node.zone), where \(node.name) is, does not offer \(type)",
                cause: "it is offered in \(offered.joined(separator: ", "))", fix: "choose another type", kind: .usage)
        }
    }

    /// EC2 may hold a machine for running some moments after it shows it as stopped.
    private func setType(_ type: InstanceType, of node: Node) async throws {
        var last: AWSError?
        let call = ModifyInstanceAttribute(instanceID: node.id, instanceType: type.rawValue)
        let done = try await patience.poll(limit: patience.consistencyWindow) { () async throws -> Done? in
            do {
                return try await aws.call(call)
            } catch let error as AWSError where error.code == "IncorrectInstanceState" {
                last = error
                return nil
            }
        }
        if done == nil, let last { throw last }
    }
}
