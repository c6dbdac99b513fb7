import ChainKit

/// All targets of this chain.
public let litecoin: [any ChainProfile] = [Litecoin.mainnet, Litecoin.testnet]

/// Litecoin Core on litecoin's networks.
struct Litecoin: ChainProfile {
    let target: Target
    let title: String
    let instanceTypes: [Architecture: InstanceType]
    let architecture = Architecture.arm64
    let disk: DiskPlan
    let ports: [Port]
    let settings: [String: String]
    let validity: Validity
    let requires: [Target] = []
    let services = [Service(unit: "litecoind.service", stopTimeout: 600)]
    let releases = [core]
    let sources = [
        Source(
            "hashes: two builders agree", "github.com/litecoin-project/gitian.sigs.ltc, 0.21.5.6-linux/*/*.assert"),
        Source("soft fork at height 3,172,640", "release notes of Litecoin Core 0.21.5.7"),
        Source("ports", "github.com/litecoin-project/litecoin, src/chainparamsbase.cpp"),
        Source("600 s to stop", "github.com/litecoin-project/litecoin, contrib/init/litecoind.service"),
    ]
    var installScript: [UInt8] { PackageResources.install_sh }

    // The publisher's keys in the source tree have expired, so the hashes on which two builders agree are pinned alone.
    private static let core = Release(
        client: "litecoin-core", version: "0.21.5.6",
        artifacts: [
            .x86: .init(
                url: "https://download.litecoin.org/litecoin-0.21.5.6/linux/litecoin-0.21.5.6-x86_64-linux-gnu.tar.gz",
                sha256: "3c0a217651a431ef446641669a0b74ce7dbcd9b9ed1a118fc830b8f6779ee83f"),
            .arm64: .init(
                url: "https://download.litecoin.org/litecoin-0.21.5.6/linux/litecoin-0.21.5.6-aarch64-linux-gnu.tar.gz",
                sha256: "81c3ca2a7fcbccaabaf0a0ea2022f1990787f0cc1937aaad4dcc61d2856799a8"),
        ])

    /// Litecoin's main network.
    static let mainnet = Litecoin(
        network: "mainnet", title: "Litecoin mainnet (Litecoin Core)", chain: "main", p2p: 9_333, rpc: 9_332,
        instanceTypes: [.arm64: "m7g.large", .x86: "m7i.large"],
        validity: .outdated(
            "0.21.5.7 makes a soft fork at height 3,172,640, which has passed by the schedule of blocks; no hash of it could be sourced yet"
        ),
        disk: DiskPlan(
            sizeGiB: 400, usedGiB: 260, growthGiBPerMonth: 5, asOf: "2026-08",
            source:
                "no published figure was found (the chain parameters still say 40 GB); our estimate, with room to spare"
        ))

    /// The test network, which litecoin calls testnet4 on disk.
    static let testnet = Litecoin(
        network: "testnet", title: "Litecoin testnet (Litecoin Core)", chain: "test", p2p: 19_335, rpc: 19_332,
        instanceTypes: [.arm64: "t4g.medium", .x86: "t3.medium"],
        validity: .outdated("0.21.5.7 is out and urgent; no hash of it could be sourced yet"),
        disk: DiskPlan(
            sizeGiB: 50, usedGiB: 15, growthGiBPerMonth: 2, asOf: "2026-08",
            source: "no published figure was found; our estimate, with room to spare"))

    private init(
        network: String, title: String, chain: String, p2p: Int, rpc: Int,
        instanceTypes: [Architecture: InstanceType], validity: Validity, disk: DiskPlan
    ) {
        target = Target(id: "litecoin.org", node: network)
        self.title = title
        self.instanceTypes = instanceTypes
        self.validity = validity
        self.disk = disk
        ports = [Port(p2p, .tcp, .p2p, "peers"), Port(rpc, .tcp, .rpc, "JSON-RPC")]
        settings = ["LITECOIN_CHAIN": chain, "LITECOIN_RPC_PORT": String(rpc)]
    }
}
