import ChainKit

/// All targets of this chain.
public let bitcoin: [any ChainProfile] = [Bitcoin.mainnet, Bitcoin.testnet4, Bitcoin.signet]

/// Bitcoin Core on bitcoin's networks.
struct Bitcoin: ChainProfile {
    let target: Target
    let title: String
    let instanceTypes: [Architecture: InstanceType]
    let architecture = Architecture.arm64
    let disk: DiskPlan
    let ports: [Port]
    let settings: [String: String]
    let validity = Validity.current
    let requires: [Target] = []
    let services = [Service(unit: "bitcoind.service", stopTimeout: 600)]
    let releases = [core]
    let sources = [
        Source("hashes: 15 of 15 builders agree", "github.com/bitcoin-core/guix.sigs, 31.1/*/all.SHA256SUMS"),
        Source("key of fanquake", "github.com/bitcoin-core/guix.sigs, builder-keys/fanquake.gpg"),
        Source("unit and 600 s to stop", "github.com/bitcoin/bitcoin, contrib/init/bitcoind.service"),
        Source("instance, disk and I/O", "github.com/aws-samples/aws-blockchain-node-runners, blueprints/bitcoin"),
        Source("ports", "github.com/bitcoin/bitcoin, src/chainparamsbase.cpp and src/kernel/chainparams.cpp"),
    ]
    var installScript: [UInt8] { PackageResources.install_sh }

    private static let core = Release(
        client: "bitcoin-core", version: "31.1",
        artifacts: [
            .x86: .init(
                url: "https://bitcoincore.org/bin/bitcoin-core-31.1/bitcoin-31.1-x86_64-linux-gnu.tar.gz",
                sha256: "b80d9c3e04da78fb6f0569685673418cf686fadba9042d926d13fb87ff503f9e"),
            .arm64: .init(
                url: "https://bitcoincore.org/bin/bitcoin-core-31.1/bitcoin-31.1-aarch64-linux-gnu.tar.gz",
                sha256: "dcf1873f2208ba4f962f3398d47e154c39c0084be8f4553e05c940d0ace3d004"),
        ],
        signature: .init(
            fingerprint: "E777299FC265DD04793070EB944D35F9AC3DB76A",
            manifest: "https://bitcoincore.org/bin/bitcoin-core-31.1/SHA256SUMS"))

    /// Bitcoin's main network.
    static let mainnet = Bitcoin(
        network: "mainnet", title: "Bitcoin mainnet (Bitcoin Core)", chain: "main", p2p: 8_333, rpc: 8_332,
        instanceTypes: [.arm64: "r8g.2xlarge", .x86: "r7i.2xlarge"],
        disk: DiskPlan(
            sizeGiB: 1_500, usedGiB: 810, growthGiBPerMonth: 10, iops: 6_000, throughputMiBps: 400, asOf: "2026-08",
            source:
                "856 GB of blocks and 14 GB of chain state in Bitcoin Core's chain parameters; growth: 4,320 blocks a month of some 2 MB"
        ))

    /// The fourth test network.
    static let testnet4 = Bitcoin(
        network: "testnet4", title: "Bitcoin testnet4 (Bitcoin Core)", chain: "testnet4", p2p: 48_333, rpc: 48_332,
        instanceTypes: [.arm64: "t4g.large", .x86: "t3.large"],
        disk: DiskPlan(
            sizeGiB: 100, usedGiB: 31, growthGiBPerMonth: 5, asOf: "2026-08",
            source: "31 GB of blocks and 2 GB of chain state in Bitcoin Core's chain parameters; growth is our estimate"
        ))

    /// The test network whose blocks are signed.
    static let signet = Bitcoin(
        network: "signet", title: "Bitcoin signet (Bitcoin Core)", chain: "signet", p2p: 38_333, rpc: 38_332,
        instanceTypes: [.arm64: "t4g.medium", .x86: "t3.medium"],
        disk: DiskPlan(
            sizeGiB: 80, usedGiB: 30, growthGiBPerMonth: 3, asOf: "2026-08",
            source: "no published figure was found; our estimate, with room to spare"))

    private init(
        network: String, title: String, chain: String, p2p: Int, rpc: Int,
        instanceTypes: [Architecture: InstanceType], disk: DiskPlan
    ) {
        target = Target(id: "bitcoin.org", node: network)
        self.title = title
        self.instanceTypes = instanceTypes
        self.disk = disk
        ports = [Port(p2p, .tcp, .p2p, "peers"), Port(rpc, .tcp, .rpc, "JSON-RPC")]
        settings = ["BITCOIN_CHAIN": chain, "BITCOIN_RPC_PORT": String(rpc)]
    }
}
