import AWS
import ChainKit
import Testing

@testable import Engine

@Suite struct TargetPortsTests {
    private func rule(_ transport: String, _ port: Int, _ ranges: String...) -> IPPermission {
        IPPermission(
            ipProtocol: transport, fromPort: port, toPort: port,
            ipRanges: ranges.map { IPRange(cidrIP: $0, description: nil) })
    }

    @Test func onlyPortsOfPeersAreOpened() {
        let profile = TestProfile(ports: [
            Port(30_303, .tcp, .p2p, "peers"), Port(30_303, .udp, .p2p, "discovery"),
            Port(8_545, .tcp, .rpc, "JSON-RPC"),
        ])
        let rules = TargetPorts(profile).permissions
        #expect(rules.map(\.ipProtocol) == ["tcp", "udp"])
        #expect(rules.allSatisfy { $0.fromPort == 30_303 && $0.toPort == 30_303 })
        #expect(rules.flatMap(\.ipRanges).map(\.cidrIP) == ["0.0.0.0/0", "0.0.0.0/0"])
    }

    @Test func aRuleIsHeldByWhatLetsInAsMuch() throws {
        let ssh = IPPermission.ssh(from: try CIDR("203.0.113.7"))
        #expect(ssh.isHeld(by: [rule("tcp", 22, "198.51.100.0/24", "203.0.113.7/32")]))
        #expect(ssh.isHeld(by: [rule("tcp", 22, "198.51.100.0/24"), rule("tcp", 22, "203.0.113.7/32")]))
        #expect(!ssh.isHeld(by: []))
        #expect(!ssh.isHeld(by: [rule("udp", 22, "203.0.113.7/32"), rule("tcp", 23, "203.0.113.7/32")]))
        #expect(!ssh.isHeld(by: [rule("tcp", 22, "203.0.113.8/32")]))
    }

    @Test func groupsAreNamedAfterTheirTarget() {
        let names = NetworkNames(network: "mine")
        #expect(names.targetGroup("bitcoin.org/mainnet") == "mine-bitcoin.org-mainnet")
        #expect(
            names.keyPair == "mine-keypair" && names.securityGroup == "mine-sg" && names.role == "blockchain-node-role")
    }
}
