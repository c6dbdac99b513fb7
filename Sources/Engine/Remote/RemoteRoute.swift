/// How a node is reached.
public enum RemoteRoute: String, Sendable, CaseIterable {
    /// Run Command of Systems Manager: no port is open, and the caller's permissions decide.
    case ssm
    /// SSH with the key pair, where port 22 is open to the caller.
    case ssh
}

/// What a command on a node came to.
public struct RemoteResult: Sendable {
    /// Its exit status; 0 is success.
    public var exitCode: Int
    /// All that it wrote to standard output.
    public var stdout: String
    /// All that it wrote to standard error.
    public var stderr: String

    /// A result from its parts.
    public init(exitCode: Int, stdout: String, stderr: String) {
        self.exitCode = exitCode
        self.stdout = stdout
        self.stderr = stderr
    }
}

/// A route is barred, and nothing was run by it: another may be tried.
struct RouteBarred: Error {
    /// Which one.
    var route: RemoteRoute
    /// Why.
    var reason: String
    /// What opens it.
    var fix: String
}
