import AWS
public import ChainKit

/// The peer-to-peer ports of a target, as rules of a security group.
public struct TargetPorts: Sendable {
    /// The target.
    public let target: Target
    /// Its peer-to-peer ports; RPC ports are never opened.
    public let ports: [Port]

    /// The ports of a profile that other nodes must reach.
    public init(_ profile: any ChainProfile) {
        target = profile.target
        ports = profile.ports.filter { $0.scope == .p2p }
    }

    /// One rule per port, open to the world.
    var permissions: [IPPermission] {
        ports.map { .open($0.transport.rawValue, $0.number, to: "0.0.0.0/0", $0.purpose) }
    }
}

extension IPPermission {
    /// Port 22 for one range of addresses.
    static func ssh(from cidr: CIDR) -> IPPermission { .open("tcp", 22, to: cidr.description, "SSH") }

    fileprivate static func open(_ transport: String, _ port: Int, to cidr: String, _ purpose: String) -> IPPermission {
        IPPermission(
            ipProtocol: transport, fromPort: port, toPort: port,
            ipRanges: [IPRange(cidrIP: cidr, description: purpose)])
    }

    /// True when a group's rules let in all that this rule lets in.
    func isHeld(by existing: [IPPermission]) -> Bool {
        let same = existing.filter { $0.ipProtocol == ipProtocol && $0.fromPort == fromPort && $0.toPort == toPort }
        let held = Set(same.flatMap(\.ipRanges).map(\.cidrIP))
        return ipRanges.allSatisfy { held.contains($0.cidrIP) }
    }
}
