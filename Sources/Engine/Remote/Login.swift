import AWS
import Foundation

/// A program on this machine, with the variables that it runs with. They may hold a secret.
public struct LocalProgram: Sendable {
    /// The program and its arguments.
    public var words: [String]
    /// Its environment.
    public var variables: [String: String]
}

extension Environment {
    /// The program that logs in to a node: ssh(1) where port 22 is open, else AWS's session-manager-plugin.
    /// SSM StartSession; EC2 DescribeSecurityGroups, GetConsoleOutput.
    public func login(to node: Node, via: RemoteRoute? = nil) async throws -> LocalProgram {
        guard node.state == "running" else { throw Self.notRunning(node) }
        return try await firstOpen(node, via) { route in
            switch route {
            case .ssh:
                let line = try await sshLine(node, isChosen: via != nil)
                return LocalProgram(words: line.words(options: ["-t"], command: []), variables: line.variables)
            case .ssm: return try await sessionPlugin(node, StartSession(target: InstanceID(rawValue: node.instance)))
            }
        }
    }

    /// What runs a command on a node as the user `ubuntu`: ssh(1) where port 22 is open, else Run Command, at once.
    /// EC2 DescribeSecurityGroups, GetConsoleOutput; SSM DescribeInstanceInformation, SendCommand, GetCommandInvocation.
    public func userCommand(_ command: [String], on node: Node, via: RemoteRoute? = nil) async throws -> UserCommand {
        guard node.state == "running" else { throw Self.notRunning(node) }
        return try await firstOpen(node, via) { route in
            switch route {
            case .ssh:
                let line = try await sshLine(node, isChosen: via != nil)
                let words = line.words(options: ["-T"], command: command)
                return .program(LocalProgram(words: words, variables: line.variables))
            case .ssm:
                let asUser = ["sudo", "-n", "-H", "-u", "ubuntu", "--"] + command
                let run = RemoteRun(asUser, title: command.joined(separator: " "))
                return .ended(try await runBySystemsManager(run, node))
            }
        }
    }

    /// The programs that bring ports of a node's loopback to ours: one ssh(1) for all, or a session-manager-plugin for each.
    public func tunnel(
        _ forwards: [PortForward], to node: Node, via: RemoteRoute? = nil
    ) async throws -> [LocalProgram] {
        guard node.state == "running" else { throw Self.notRunning(node) }
        return try await firstOpen(node, via) { route in
            switch route {
            case .ssh:
                let line = try await sshLine(node, isChosen: via != nil)
                let ports = forwards.flatMap { ["-L", "127.0.0.1:\($0.localPort):127.0.0.1:\($0.port)"] }
                let options = ["-N", "-T", "-o", "BatchMode=yes", "-o", "ExitOnForwardFailure=yes"] + ports
                return [LocalProgram(words: line.words(options: options, command: []), variables: line.variables)]
            case .ssm:
                var programs: [LocalProgram] = []
                for forward in forwards {
                    let session = StartSession(
                        target: InstanceID(rawValue: node.instance), documentName: "AWS-StartPortForwardingSession",
                        parameters: [
                            "portNumber": [String(forward.port)], "localPortNumber": [String(forward.localPort)],
                        ])
                    programs.append(try await sessionPlugin(node, session))
                }
                return programs
            }
        }
    }

    /// SSH first, as it needs nothing that most machines lack.
    private func firstOpen<Value>(
        _ node: Node, _ via: RemoteRoute?, _ open: (RemoteRoute) async throws -> Value
    ) async throws -> Value {
        var barred: [RouteBarred] = []
        for route in via.map({ [$0] }) ?? [.ssh, .ssm] {
            do {
                return try await open(route)
            } catch let error as RouteBarred {
                barred.append(error)
            }
        }
        throw Self.unreachable(node, barred)
    }

    /// The plugin with a session's token in a variable, where no other user sees it; its releases before 1.2.497 knew the
    /// command line only (https://github.com/aws/session-manager-plugin/blob/mainline/RELEASENOTES.md).
    private func sessionPlugin(_ node: Node, _ call: StartSession) async throws -> LocalProgram {
        let (name, variable) = ("session-manager-plugin", "AWS_SSM_START_SESSION_RESPONSE")
        guard let settings = remoteSettings, settings.path(of: name) != nil else {
            throw RouteBarred(
                route: .ssm, reason: "session-manager-plugin is not installed",
                fix: "install it: https://docs.aws.amazon.com/systems-manager/latest/userguide/"
                    + "session-manager-working-with-install-plugin.html")
        }
        try await requireAgent(node)
        let version = try await ChildProcess.run([name, "--version"], settings.variables)
        guard Self.takesVariable(String(decoding: version.output, as: UTF8.self)) else {
            throw RouteBarred(
                route: .ssm, reason: "session-manager-plugin is older than 1.2.497", fix: "install a newer one")
        }
        do {
            let session = try await aws.call(call)
            var variables = settings.variables
            variables[variable] = Self.json(session)
            return LocalProgram(
                words: [name, variable, region, "StartSession", "", Self.json(call), settings.ssmEndpoint],
                variables: variables)
        } catch let error as AWSError where error.kind == .permission || error.code == "TargetNotConnected" {
            throw RouteBarred(error)
        }
    }

    private static func takesVariable(_ version: String) -> Bool {
        let parts = version.split(whereSeparator: { $0 == "." || $0.isWhitespace }).prefix(3).map { Int($0) ?? 0 }
        return parts.count == 3 && !parts.lexicographicallyPrecedes([1, 2, 497])
    }

    private static func json(_ value: StartedSession) -> String {
        String(decoding: (try? JSONEncoder().encode(value)) ?? Data(), as: UTF8.self)
    }

    private static func json(_ call: StartSession) -> String {
        guard case .json(let bytes) = call.body() else { return "" }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// A command of the user's on a node.
public enum UserCommand: Sendable {
    /// This program runs it, with our streams.
    case program(LocalProgram)
    /// Run Command has run it.
    case ended(RemoteResult)
}

/// A port of a node's loopback, and the one of ours that it comes to.
public struct PortForward: Sendable, Codable {
    /// The port on the node.
    public var port: Int
    /// The port on this machine.
    public var localPort: Int
    /// What it is for.
    public var purpose: String

    /// A forward from its parts.
    public init(port: Int, localPort: Int, purpose: String) {
        self.port = port
        self.localPort = localPort
        self.purpose = purpose
    }
}
