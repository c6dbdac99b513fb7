import ChainKit

/// All targets of this chain.
public let ethereum: [any ChainProfile] = [Ethereum.gethMainnet, Ethereum.gethSepolia, Ethereum.gethHoodi]

/// An Ethereum node: geth executes, Lighthouse finds consensus, and one secret joins them.
struct Ethereum: ChainProfile {
    let target: Target
    let title: String
    let instanceTypes: [Architecture: InstanceType]
    let architecture = Architecture.arm64
    let disk: DiskPlan
    let settings: [String: String]
    let validity: Validity
    let requires: [Target] = []
    let ports = [
        Port(30_303, .tcp, .p2p, "execution peers"), Port(30_303, .udp, .p2p, "execution discovery"),
        Port(9_000, .tcp, .p2p, "consensus peers"), Port(9_000, .udp, .p2p, "consensus discovery"),
        Port(9_001, .udp, .p2p, "consensus peers over QUIC"), Port(8_545, .tcp, .rpc, "JSON-RPC"),
        Port(8_551, .tcp, .rpc, "engine API"), Port(5_052, .tcp, .rpc, "beacon API"),
    ]
    let services = [
        Service(unit: "geth.service", stopTimeout: 480), Service(unit: "lighthouse.service", stopTimeout: 300),
    ]
    let releases = [geth, lighthouse]
    let sources = [
        Source("geth 1.17.5 is commit 9621c6ad", "github.com/ethereum/go-ethereum, tag v1.17.5 and build/ci.go"),
        Source("geth's signing key", "geth.ethereum.org/downloads, 'Go Ethereum Linux Builder'"),
        Source("lighthouse 8.2.2", "github.com/rocket-pool/smartnode, shared/services/config/lighthouse-config.go"),
        Source("Sigma Prime's signing key", "github.com/sigp/lighthouse, README.md and .github/workflows/release.yml"),
        Source(
            "instance, disk, I/O and flags", "github.com/aws-samples/aws-blockchain-node-runners, blueprints/ethereum"),
        Source("stop time-outs and ports", "github.com/ethstaker/eth-docker, default.env and *.yml"),
        Source("checkpoint providers", "github.com/eth-clients/checkpoint-sync-endpoints"),
    ]
    var installScript: [UInt8] { PackageResources.install_sh }

    // The publisher signs archives and publishes no SHA-256 of them.
    private static let geth = Release(
        client: "geth", version: "1.17.5",
        artifacts: [
            .x86: .init(
                url: "https://gethstore.blob.core.windows.net/builds/geth-linux-amd64-1.17.5-9621c6ad.tar.gz",
                sha256: nil),
            .arm64: .init(
                url: "https://gethstore.blob.core.windows.net/builds/geth-linux-arm64-1.17.5-9621c6ad.tar.gz",
                sha256: nil),
        ],
        signature: .init(fingerprint: "FDE5A1A044FA13D2F7ADA019A61A13569BA28146"))

    private static let lighthouse = Release(
        client: "lighthouse", version: "8.2.2",
        artifacts: [
            .x86: .init(
                url:
                    "https://github.com/sigp/lighthouse/releases/download/v8.2.2/lighthouse-v8.2.2-x86_64-unknown-linux-gnu.tar.gz",
                sha256: "334922e4b55075fbe86acaef3ce2a8e55699d2c647443e83cffed00f3babfaa8"),
            .arm64: .init(
                url:
                    "https://github.com/sigp/lighthouse/releases/download/v8.2.2/lighthouse-v8.2.2-aarch64-unknown-linux-gnu.tar.gz",
                sha256: nil),
        ],
        signature: .init(fingerprint: "15E66D941F697E28F49381F426416DC3F30674B0"))

    /// Ethereum's main network.
    static let gethMainnet = Ethereum(
        network: "mainnet", title: "Ethereum mainnet (geth with Lighthouse)",
        instanceTypes: [.arm64: "r7g.2xlarge", .x86: "r7i.2xlarge"], validity: .current,
        disk: DiskPlan(
            sizeGiB: 2_560, usedGiB: 1_250, growthGiBPerMonth: 60, iops: 8_000, throughputMiBps: 700, asOf: "2026-04",
            source:
                "1.2 TiB for geth 1.17.2 and 20 GiB for Lighthouse: ethstaker/eth-docker-docs, Usage/ResourceUsage.md; growth rounded up"
        ),
        checkpoints: [
            "https://beaconstate.ethstaker.cc", "https://mainnet.checkpoint.sigp.io",
            "https://mainnet-checkpoint-sync.attestant.io",
        ])

    private static let glamsterdam =
        "the network has taken the Glamsterdam fork, and geth 1.17.5 with lighthouse 8.2.2 does not follow it"

    /// The test network for applications.
    static let gethSepolia = Ethereum(
        network: "sepolia", title: "Ethereum sepolia (geth with Lighthouse)",
        instanceTypes: [.arm64: "r7g.xlarge", .x86: "r7i.xlarge"],
        validity: .outdated("\(glamsterdam) (2026-10-06)"),
        disk: DiskPlan(
            sizeGiB: 600, usedGiB: 350, growthGiBPerMonth: 20, throughputMiBps: 250, asOf: "2026-08",
            source:
                "no measured figure was found; AWS's runners plan 256 GiB and its README 100 GB, which operators exceed: our estimate"
        ),
        checkpoints: [
            "https://checkpoint-sync.sepolia.ethpandaops.io", "https://beaconstate-sepolia.chainsafe.io",
        ])

    /// The test network for validators.
    static let gethHoodi = Ethereum(
        network: "hoodi", title: "Ethereum hoodi (geth with Lighthouse)",
        instanceTypes: [.arm64: "r7g.xlarge", .x86: "r7i.xlarge"],
        validity: .outdated("\(glamsterdam) (2026-10-27, as announced)"),
        disk: DiskPlan(
            sizeGiB: 400, usedGiB: 200, growthGiBPerMonth: 20, throughputMiBps: 250, asOf: "2026-08",
            source: "no published figure was found; our estimate, with room to spare"),
        checkpoints: [
            "https://checkpoint-sync.hoodi.ethpandaops.io", "https://hoodi.checkpoint.sigp.io",
            "https://hoodi-checkpoint-sync.attestant.io",
        ])

    private init(
        network: String, title: String, instanceTypes: [Architecture: InstanceType], validity: Validity, disk: DiskPlan,
        checkpoints: [String]
    ) {
        target = Target(id: "ethereum.org", node: "geth-\(network)")
        self.title = title
        self.instanceTypes = instanceTypes
        self.validity = validity
        self.disk = disk
        settings = ["ETHEREUM_NETWORK": network, "ETHEREUM_CHECKPOINTS": checkpoints.joined(separator: " ")]
    }
}
