import AWS

/// What reaching into a node needs to know of this machine.
public struct RemoteSettings: Sendable {
    /// ssh(1), and options that go before ours.
    public var ssh: [String]
    /// The private key that the user named; nil takes that of the node's key pair from the folder.
    public var keyFile: String?
    /// Where key pairs' private halves are, as `<key pair>.pem`.
    public var keyFolder: String
    /// The project's own file of host keys.
    public var knownHosts: String
    /// The address of Systems Manager.
    public var ssmEndpoint: String
    /// The variables that programs run with.
    public var variables: [String: String]
    /// Finds the address that the caller is seen with; asked only where a rule depends on it.
    public var ownAddress: @Sendable () async throws -> CIDR

    /// Settings from their parts.
    public init(
        ssh: [String], keyFile: String?, keyFolder: String, knownHosts: String, ssmEndpoint: String,
        variables: [String: String], ownAddress: @escaping @Sendable () async throws -> CIDR
    ) {
        self.ssh = ssh
        self.keyFile = keyFile
        self.keyFolder = keyFolder
        self.knownHosts = knownHosts
        self.ssmEndpoint = ssmEndpoint
        self.variables = variables
        self.ownAddress = ownAddress
    }

    /// The private key for a node; nil where its key pair is not known.
    func keyFile(for node: Node) -> String? {
        keyFile ?? node.keyPair.map { "\(keyFolder)/\($0).pem" }
    }

    /// Where a program is; nil where it is not installed.
    func path(of program: String) -> String? { ChildProcess.find(program, path: variables["PATH"] ?? "") }
}
