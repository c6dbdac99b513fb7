/// How a node's client is ended before its machine or its volume goes away.
public enum CleanStop: Sendable {
    /// The client ends by itself, by this route; nil takes the one that serves.
    case cleanly(via: RemoteRoute?)
    /// Nobody asks the client: the machine's own shutdown ends it, or loses what it has not written.
    case forced

    /// The route to the node, where it is asked.
    var route: RemoteRoute? {
        switch self {
        case .cleanly(let via): via
        case .forced: nil
        }
    }
}

extension Environment {
    /// Runs a word of the node's helper.
    /// - Throws: `Problem` with the helper's own words where it fails.
    func helper(_ words: String..., on node: Node, via: RemoteRoute?) async throws {
        try await onNode(["cloudrails-node"] + words, node, via)
    }

    /// Runs a command on a node that must not fail.
    func onNode(_ command: [String], _ node: Node, _ via: RemoteRoute?) async throws {
        try Self.requireSuccess(command, try await remote(command, on: node, via: via), node)
    }

    private static func requireSuccess(_ command: [String], _ result: RemoteResult, _ node: Node) throws {
        guard result.exitCode != 0 else { return }
        let said = result.stderr.split(separator: "\n").last.map(String.init)
        throw Problem(
            "'\(command.joined(separator: " "))' failed on \(node.name)",
            cause: said ?? "it ended with status \(result.exitCode)", fix: "cloudrails node logs \(node.name)")
    }

    /// Ends the client of a node that runs, and waits for it: a chain's database may take many minutes to close.
    func stopClient(_ node: Node, _ stop: CleanStop) async throws {
        guard case .cleanly(let via) = stop else { return }
        try await stopClient(node, via, otherwise: "--force, which may cost the client hours of repair")
    }

    /// The same for a node that goes for good: one that cannot be reached must go too.
    func stopClientIfReachable(_ node: Node, _ stop: CleanStop) async throws {
        do {
            try await stopClient(node, stop)
        } catch let problem as Problem where problem.isUnreachable {
            let why = problem.cause.map { "\n  \($0)" } ?? ""
            events(.note("\(node.name) could not be reached: EC2 ends its client, after some minutes by force.\(why)"))
        }
    }

    /// - Parameter otherwise: what else there is to do where the client cannot be asked.
    func stopClient(_ node: Node, _ via: RemoteRoute?, otherwise: String) async throws {
        do {
            _ = try await step("client", "stopping the client of \(node.name)", done: { $0 }) {
                let command = ["cloudrails-node", "stop"]
                let result = try await remote(command, on: node, via: via)
                // The helper is there before any client.
                guard result.exitCode != 127 else { return "none is installed yet" }
                try Self.requireSuccess(command, result, node)
                return "stopped cleanly"
            }
        } catch var problem as Problem {
            problem.summary = "The client was not stopped cleanly, so \(node.name) goes on: \(problem.summary)"
            problem.fix = (problem.fix.map { "\($0); or " } ?? "") + otherwise
            throw problem
        }
    }
}
