import AWS
import Foundation

/// The way through Run Command.
extension Environment {
    /// Run Command keeps 24,000 characters; in base64 that is this many bytes, with a line to spare.
    private static let pieceSize = 17_000

    func runBySystemsManager(_ run: RemoteRun, _ node: Node) async throws -> RemoteResult {
        try await requireAgent(node)
        let script = run.script(piece: 0..<Self.pieceSize)
        guard !isPlan else {
            _ = try await send(script, run, node)
            return RemoteResult(exitCode: 0, stdout: "", stderr: "")
        }
        let first = try await piece(script, run, node)
        let rest = try await pieces(after: first, run, node)
        return try first.result(first.bytes + rest, of: run, on: node)
    }

    /// - Throws: `RouteBarred` unless the agent on the node listens.
    func requireAgent(_ node: Node) async throws {
        do {
            let asked = DescribeInstanceInformation(instanceIDs: [InstanceID(rawValue: node.instance)])
            let found = try await aws.all(asked).first { $0.instanceID.rawValue == node.instance }
            guard let found else {
                throw RouteBarred(
                    route: .ssm, reason: "the agent on \(node.instance) has not registered with Systems Manager",
                    fix: "wait some minutes if the node was launched just now, and see that its role has "
                        + "AmazonSSMManagedInstanceCore")
            }
            guard found.pingStatus == "Online" else {
                throw RouteBarred(
                    route: .ssm, reason: "the agent on \(node.instance) is offline (\(found.pingStatus))",
                    fix: "aws ec2 reboot-instances --instance-ids \(node.instance) --region \(region)")
            }
        } catch let error as AWSError where error.kind == .permission {
            throw RouteBarred(error)
        }
    }

    /// What does not fit into the first piece, a few pieces at a time.
    private func pieces(after first: RemotePiece, _ run: RemoteRun, _ node: Node) async throws -> [UInt8] {
        let size = first.outputSize + first.errorSize
        let starts = Array(stride(from: Self.pieceSize, to: size, by: Self.pieceSize))
        return try await withThrowingTaskGroup(of: (Int, [UInt8]).self) { group in
            var waiting = starts[...]
            func addNext() {
                guard let start = waiting.popFirst() else { return }
                group.addTask {
                    let script = run.readingScript(piece: start..<start + Self.pieceSize)
                    return (start, try await piece(script, run, node).bytes)
                }
            }
            for _ in 0..<4 { addNext() }
            var found: [Int: [UInt8]] = [:]
            for try await (start, bytes) in group {
                found[start] = bytes
                addNext()
            }
            return starts.flatMap { found[$0] ?? [] }
        }
    }

    private func piece(_ script: String, _ run: RemoteRun, _ node: Node) async throws -> RemotePiece {
        let ended = try await ended(try await send(script, run, node), run, node)
        if let piece = RemotePiece(ended.standardOutputContent, of: run) { return piece }
        if ["DeliveryTimedOut", "Undeliverable"].contains(ended.statusDetails.filter { $0 != " " }) {
            throw RouteBarred(
                route: .ssm, reason: "the agent on \(node.instance) did not take the command (\(ended.statusDetails))",
                fix: "aws ec2 reboot-instances --instance-ids \(node.instance) --region \(region)")
        }
        throw Problem(
            "\(node.name) did not run '\(run.title)' to its end (\(ended.statusDetails))",
            cause: ended.standardErrorContent.isEmpty ? nil : ended.standardErrorContent,
            fix: "cloudrails node logs \(node.name)")
    }

    /// SendCommand knows no ClientToken. The script knows its run, so it may be sent again when the answer was lost.
    private func send(_ script: String, _ run: RemoteRun, _ node: Node) async throws -> CommandID {
        let call = SendCommand(
            instanceID: InstanceID(rawValue: node.instance), script: script, comment: "cloudrails: \(run.title)",
            timeoutSeconds: 120)
        for attempt in 1... {
            do {
                return try await aws.call(call)
            } catch let error as OutcomeUnknown {
                guard attempt < 3 else { throw error }
                try await Task.sleep(for: patience.firstPause)
            } catch let error as AWSError where error.code == "InvalidInstanceId" || error.kind == .permission {
                throw RouteBarred(error)
            }
        }
        throw CancellationError()
    }

    /// Waits for the end of a command. It may take hours, yet not longer than the machine runs.
    private func ended(_ command: CommandID, _ run: RemoteRun, _ node: Node) async throws -> CommandInvocation {
        let call = GetCommandInvocation(commandID: command, instanceID: InstanceID(rawValue: node.instance))
        var looks = 0
        let ended = try await patience.poll(limit: nil) { () async throws -> CommandInvocation? in
            looks += 1
            if looks % 4 == 0 { try await requireRunning(node) }
            do {
                let now = try await aws.call(call)
                return now.hasEnded ? now : nil
            } catch let error as AWSError where error.code == "InvocationDoesNotExist" {
                return nil
            }
        }
        guard let ended else { throw CancellationError() }
        return ended
    }

    private func requireRunning(_ node: Node) async throws {
        let now = try await nodes(named: node.name).first { $0.instance == node.instance }
        guard let now else { throw Problem("\(node.name) is gone") }
        guard now.state == "running" else { throw Self.notRunning(now) }
    }
}

extension RouteBarred {
    /// AWS refused a call of Systems Manager.
    init(_ error: AWSError) {
        let service = error.service.rawValue
        self.init(
            route: .ssm,
            reason: "AWS refused \(error.action): \(error.message.isEmpty ? error.code : error.message)",
            fix: error.kind == .permission
                ? "ask for \(service):\(error.action); docs/aws-setup.md has a policy with all that is needed"
                : "run the same command again in a minute")
    }
}
