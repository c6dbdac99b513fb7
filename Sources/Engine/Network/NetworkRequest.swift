/// What is wanted of a network.
public struct NetworkRequest: Sendable {
    /// What its parts are called.
    public var names: NetworkNames
    /// The file that holds the private half of the key pair.
    public var keyFile: String
    /// Who may reach port 22; nil leaves it as it is, which is closed at first.
    public var sshFrom: CIDR?
    /// A target whose peer-to-peer ports are to be opened, for a launch.
    public var target: TargetPorts?
    /// True when the user named the role: an existing one is then taken as it is, ours or not.
    public var takesRoleAsItIs: Bool

    /// A request from its parts.
    public init(
        names: NetworkNames = NetworkNames(), keyFile: String, sshFrom: CIDR? = nil, target: TargetPorts? = nil,
        takesRoleAsItIs: Bool = false
    ) {
        self.names = names
        self.keyFile = keyFile
        self.sshFrom = sshFrom
        self.target = target
        self.takesRoleAsItIs = takesRoleAsItIs
    }
}
