import AWS

extension Environment {
    /// Runs a command as root on a node and waits for its end, however long that takes.
    ///
    /// It runs once, also where an answer was lost and the call had to be repeated. Words reach the program as they are: no
    /// shell sees them. A plan writes the call down and runs nothing.
    /// SSM DescribeInstanceInformation, SendCommand, GetCommandInvocation; or ssh(1), EC2 DescribeSecurityGroups and
    /// GetConsoleOutput.
    /// - Parameters:
    ///   - command: the program and its arguments.
    ///   - via: the route to take; nil takes Systems Manager, or SSH where that is barred.
    ///   - title: what the command is called towards people; nil takes its words.
    /// - Returns: what it came to, a failure of the command included.
    /// - Throws: `Problem` that says of each route why it is barred.
    public func remote(
        _ command: [String], on node: Node, via: RemoteRoute? = nil, title: String? = nil
    ) async throws -> RemoteResult {
        guard node.state == "running" else { throw Self.notRunning(node) }
        let run = RemoteRun(command, title: title ?? command.joined(separator: " "))
        var barred: [RouteBarred] = []
        for route in via.map({ [$0] }) ?? RemoteRoute.allCases {
            do {
                switch route {
                case .ssm: return try await runBySystemsManager(run, node)
                case .ssh: return try await runBySSH(run, node, isChosen: via != nil)
                }
            } catch let error as RouteBarred {
                barred.append(error)
            }
        }
        throw Self.unreachable(node, barred)
    }

    static func notRunning(_ node: Node) -> Problem {
        Problem(
            "\(node.name) is \(node.state)", cause: node.stateReason ?? "only a running node can be reached",
            fix: node.state == "stopped" ? "cloudrails node start \(node.name)" : "cloudrails node show \(node.name)")
    }

    static func unreachable(_ node: Node, _ barred: [RouteBarred]) -> Problem {
        var problem = Problem(
            "\(node.name) cannot be reached",
            cause: barred.map { "\($0.route.rawValue): \($0.reason)" }.joined(separator: "\n           "),
            fix: barred.map(\.fix).joined(separator: "; or "))
        problem.isUnreachable = true
        return problem
    }
}
