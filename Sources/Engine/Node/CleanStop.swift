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
        let result = try await remote(command, on: node, via: via)
        guard result.exitCode == 0 else {
            let said = result.stderr.split(separator: "\n").last.map(String.init)
            throw Problem(
                "'\(command.joined(separator: " "))' failed on \(node.name)",
                cause: said ?? "it ended with status \(result.exitCode)", fix: "cloudrails node logs \(node.name)")
        }
    }

    /// Ends the client of a node that runs, and waits for it: a chain's database may take many minutes to close.
    func stopClient(_ node: Node, _ stop: CleanStop) async throws {
        guard case .cleanly(let via) = stop else { return }
        try await stopClient(node, via, otherwise: "--force, which may cost the client hours of repair")
    }

    /// - Parameter otherwise: what else there is to do where the client cannot be asked.
    func stopClient(_ node: Node, _ via: RemoteRoute?, otherwise: String) async throws {
        do {
            try await step("client", "stopping the client of \(node.name)", done: { "stopped cleanly" }) {
                try await helper("stop", on: node, via: via)
            }
        } catch var problem as Problem {
            problem.summary = "The client was not stopped cleanly, so \(node.name) goes on: \(problem.summary)"
            problem.fix = (problem.fix.map { "\($0); or " } ?? "") + otherwise
            throw problem
        }
    }
}
