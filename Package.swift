// swift-tools-version: 6.1
import PackageDescription

/// Every chain is one folder under `chains/` and one line here: folder name, module name.
let chains = [
    (folder: "bitcoin", module: "Bitcoin"),
    (folder: "ethereum", module: "Ethereum"),
    (folder: "litecoin", module: "Litecoin"),
]

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

func module(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(name: "\(name)Tests", dependencies: dependencies, swiftSettings: settings)
}

let package = Package(
    name: "cloudrails",
    products: [
        .executable(name: "cloudrails", targets: ["cloudrails"]),
        .library(name: "CloudRails", targets: ["Engine", "ChainKit", "ChainRegistry"]),
    ],
    targets: [
        .systemLibrary(
            name: "CLibCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(name: "CLibCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        module("HTTP", ["CLibCurl"]),
        module("AWS", ["HTTP", "CLibCrypto"]),
        module("ChainKit"),
        .target(
            name: "NodeTemplate", path: "templates/node",
            resources: [
                .embedInCode("bootstrap.sh"), .embedInCode("cloudrails-node"), .embedInCode("seal.sh"),
                .embedInCode("status.py"),
            ],
            swiftSettings: settings),
        module("Engine", ["AWS", "ChainKit", "CLibCrypto", "NodeTemplate"]),
        module("ChainRegistry", ["ChainKit"] + chains.map { .byName(name: $0.module) }),
        module("CommandLineKit"),
        module("Commands", ["CommandLineKit", "Engine", "AWS", "HTTP", "ChainKit", "ChainRegistry"]),
        .executableTarget(name: "cloudrails", dependencies: ["Commands"], swiftSettings: settings),

        // Prints every AWS call that the code can make, for the tests that hold them against botocore.
        .executableTarget(
            name: "aws-call-samples", dependencies: ["AWS", "HTTP"], path: "Tests/Support/aws-call-samples",
            swiftSettings: settings),
        // Prints what settings and credentials are found, for the tests that hold them against botocore.
        .executableTarget(
            name: "aws-settings-dump", dependencies: ["AWS", "HTTP"], path: "Tests/Support/aws-settings-dump",
            swiftSettings: settings),
        // What several tests share: an HTTP server, numbers that look random.
        .target(name: "TestSupport", path: "Tests/Support/test-support", swiftSettings: settings),
        tests("HTTP", ["HTTP", "TestSupport", "CLibCrypto"]),
        tests("AWS", ["AWS", "HTTP", "TestSupport"]),
        tests("ChainKit", ["ChainKit", "TestSupport"]),
        tests("ChainRegistry", ["ChainRegistry", "ChainKit", "Engine"]),
        tests("Engine", ["Engine", "AWS", "ChainKit", "NodeTemplate", "TestSupport"]),
        tests("Project", []),
        tests("CommandLineKit", ["CommandLineKit"]),
        .testTarget(
            name: "CommandsTests",
            dependencies: ["Commands", "CommandLineKit", "Engine", "AWS", "HTTP", "ChainKit", "ChainRegistry"],
            exclude: ["Help"], swiftSettings: settings),
    ]
        + chains.map { chain in
            .target(
                name: chain.module, dependencies: ["ChainKit"], path: "chains/\(chain.folder)",
                exclude: ["README.md"], resources: [.embedInCode("install.sh")],
                // Chain authors write plain imports.
                swiftSettings: [.enableUpcomingFeature("ExistentialAny")])
        },
    swiftLanguageModes: [.v6]
)
