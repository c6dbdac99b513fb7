import ChainKit

/// A chain that a test can change in every part.
struct TestProfile: ChainProfile {
    var target = Target(id: "example.org", node: "testnet")
    var title = "Example"
    var releases = [
        Release(
            client: "example-core", version: "1.0",
            artifacts: [
                .arm64: .init(url: "https://example.org/1.0/arm64.tar.gz", sha256: String(repeating: "a", count: 64)),
                .x86: .init(url: "https://example.org/1.0/amd64.tar.gz", sha256: nil),
            ], signature: .init(fingerprint: String(repeating: "F", count: 40)))
    ]
    var instanceTypes: [Architecture: InstanceType] = [.arm64: "t4g.large", .x86: "t3.large"]
    var architecture = Architecture.arm64
    var disk = DiskPlan(sizeGiB: 100, usedGiB: 60, growthGiBPerMonth: 5, asOf: "2026-08", source: "a test")
    var ports = [Port(8_333, .tcp, .p2p, "peers"), Port(8_332, .tcp, .rpc, "JSON-RPC")]
    var services = [Service(unit: "exampled.service", stopTimeout: 60)]
    var settings: [String: String] = [:]
    var validity = Validity.current
    var requires: [Target] = []
    var sources = [Source("all", "example.org")]
    var installScript = Array("chain_install() { :; }\n".utf8)
}
