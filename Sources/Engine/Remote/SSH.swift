import AWS
import Foundation

/// The way through SSH.
extension Environment {
    func runBySSH(_ run: RemoteRun, _ node: Node, isChosen: Bool) async throws -> RemoteResult {
        let line = try await sshLine(node, isChosen: isChosen)
        guard !isPlan else { return RemoteResult(exitCode: 0, stdout: "", stderr: "") }
        let words = line.words(options: ["-T", "-o", "BatchMode=yes"], command: ["sudo", "-n", "--", "sh", "-s"])
        // Everything comes in one piece.
        let script = Array(run.script(piece: 0..<Int(Int32.max)).utf8)
        for attempt in 1...3 {
            let ended = try await ChildProcess.run(words, environment: line.variables, input: script)
            let text = String(decoding: ended.output, as: UTF8.self)
            if let piece = RemotePiece(text, of: run) { return try piece.result(piece.bytes, of: run, on: node) }
            // What has begun goes on there, whether or not the way back is open.
            guard attempt > 1 || text.hasPrefix(run.id) else { throw Self.barred(ended, line, node) }
            events(.note("The connection to \(node.name) was lost; '\(run.title)' goes on there."))
            try await Task.sleep(for: patience.firstPause * attempt)
        }
        throw Problem(
            "The connection to \(node.name) was lost three times", cause: "'\(run.title)' may go on there",
            fix: "run the same command again", kind: .tryLater)
    }

    /// The command that logs in, once all that it needs is there.
    /// - Parameter isChosen: true tries even where no rule of ours opens port 22, as there may be a way inside the VPC.
    /// - Throws: `RouteBarred`.
    func sshLine(_ node: Node, isChosen: Bool) async throws -> SSHLine {
        func barred(_ reason: String, _ fix: String) -> RouteBarred {
            RouteBarred(route: .ssh, reason: reason, fix: fix)
        }
        guard let settings = remoteSettings, let program = settings.ssh.first else {
            throw barred("this command knows nothing of SSH", "leave --via out")
        }
        guard settings.path(of: program) != nil else {
            throw barred("there is no program \(program)", "install the OpenSSH client")
        }
        guard let key = settings.keyFile(for: node) else {
            throw barred("\(node.name) was launched without a key pair", "launch nodes with one")
        }
        guard FileManager.default.isReadableFile(atPath: key) else {
            throw barred("the private key \(key) is not on this machine", "name it with --key-file FILE")
        }
        guard let address = node.publicAddress ?? (isChosen ? node.privateAddress : nil) else {
            throw barred("\(node.name) has no public address", "reach it from inside its VPC with --via ssh")
        }
        let closed = try await whyPort22IsClosed(node, settings)
        if let closed, !isChosen { throw closed }
        let isKnown = isPlan ? true : try await knowHostKeys(of: node, in: settings.knownHosts)
        return SSHLine(
            program: settings.ssh, variables: settings.variables, key: key, knownHosts: settings.knownHosts,
            isKnown: isKnown, alias: node.instance, address: address, closed: closed)
    }

    /// ssh itself ends with 255, and says why in its last line.
    private static func barred(_ ended: ProcessOutput, _ line: SSHLine, _ node: Node) -> any Error {
        let said = String(decoding: ended.errors, as: UTF8.self)
        let last = said.split(whereSeparator: \.isNewline).last.map(String.init) ?? "it said nothing"
        if said.contains("HOST IDENTIFICATION HAS CHANGED") || said.contains("Host key verification failed") {
            return Problem(
                "\(node.name) shows another host key than before",
                cause: "somebody may stand in between, or its host keys were made anew",
                fix: "if you know why: ssh-keygen -R \(line.alias) -f \(line.knownHosts), then the same command again")
        }
        return RouteBarred(
            route: .ssh, reason: "ssh ended with status \(ended.status): \(last)",
            fix: line.closed?.fix ?? "see that port 22 is open to you (cloudrails network allow-ssh me) "
                + "and that \(line.key) is the node's key")
    }
}

/// The words that run ssh(1) against one node. The user's own configuration is left out: what it says about other hosts must
/// not change what happens here.
struct SSHLine {
    var program: [String]
    var variables: [String: String]
    var key: String
    var knownHosts: String
    /// False takes the host key on trust, this time.
    var isKnown: Bool
    /// What the node is called in the file of host keys: addresses change hands, ids of instances do not.
    var alias: String
    var address: String
    /// Why port 22 seems closed; nil where a rule opens it.
    var closed: RouteBarred?

    /// - Parameter command: words for the node; they reach the program as they are.
    func words(options: [String], command: [String]) -> [String] {
        let settings = [
            "IdentitiesOnly=yes", "IdentityFile=\(Self.quoted(key))", "UserKnownHostsFile=\(Self.quoted(knownHosts))",
            "GlobalKnownHostsFile=/dev/null", "HostKeyAlias=\(alias)", "HashKnownHosts=no", "UpdateHostKeys=no",
            "StrictHostKeyChecking=\(isKnown ? "yes" : "accept-new")", "ConnectTimeout=10", "ServerAliveInterval=15",
            "LogLevel=ERROR",
        ]
        return program + ["-F", "/dev/null"] + settings.flatMap { ["-o", $0] } + options
            + ["-l", "ubuntu", "--", address] + command.map(UserData.shellQuoted)
    }

    /// As ssh_config(5) wants a path with spaces, and with the percent signs that it would replace.
    private static func quoted(_ path: String) -> String { "\"\(path.replacing("%", with: "%%"))\"" }
}
