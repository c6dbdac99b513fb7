import ChainKit
import ChainRegistry
import Engine
import Testing

/// What must hold for every target.
@Suite struct ProfileTests {
    static let targets = ChainRegistry.profiles.map(\.target.description)

    private func profile(_ target: String) throws -> any ChainProfile {
        try #require(ChainRegistry.profile(target))
    }

    private func isHex(_ text: String, _ count: Int, _ letters: ClosedRange<Character>) -> Bool {
        text.count == count && text.allSatisfy { ("0"..."9").contains($0) || letters.contains($0) }
    }

    // MARK: What is downloaded

    /// Nothing that was downloaded runs unverified.
    @Test(arguments: targets) func everyArtifactIsPinned(target: String) throws {
        for release in try profile(target).releases {
            #expect(!release.version.isEmpty && !release.artifacts.isEmpty)
            if let signature = release.signature {
                #expect(isHex(signature.fingerprint, 40, "A"..."F"))
                if let manifest = signature.manifest { #expect(manifest.hasPrefix("https://")) }
            }
            for (architecture, artifact) in release.artifacts {
                #expect(
                    artifact.sha256 != nil || release.signature != nil,
                    "\(release.client) for \(architecture) has neither a SHA-256 nor a signature")
                if let sha256 = artifact.sha256 { #expect(isHex(sha256, 64, "a"..."f")) }
            }
            let hashes = release.artifacts.values.compactMap(\.sha256)
            #expect(Set(hashes).count == hashes.count)
        }
    }

    @Test(arguments: targets) func addressesAreHTTPSAndNameTheVersion(target: String) throws {
        for release in try profile(target).releases {
            let urls = release.artifacts.values.map(\.url)
            for url in urls {
                #expect(url.hasPrefix("https://"))
                #expect(url.contains(release.version))
                #expect(!url.contains("latest"))
            }
            #expect(Set(urls).count == urls.count)
        }
    }

    @Test(arguments: targets) func everyArchitectureHasATypeAndEveryRelease(target: String) throws {
        let profile = try profile(target)
        #expect(profile.instanceTypes[profile.architecture] != nil)
        for (architecture, type) in profile.instanceTypes {
            for release in profile.releases {
                #expect(release.artifacts[architecture] != nil, "\(release.client) has nothing for \(architecture)")
            }
            #expect(type.rawValue.wholeMatch(of: /[a-z0-9-]+\.[a-z0-9-]+/) != nil)
            // Graviton's families are named with a g after the generation.
            let family = type.rawValue.prefix { $0 != "." }
            let isGraviton = family.drop { !$0.isNumber }.dropFirst().contains("g")
            #expect(isGraviton == (architecture == .arm64), "\(type) is no \(architecture)")
        }
    }

    @Test(arguments: targets) func oneProgramOneRelease(target: String) throws {
        let clients = try profile(target).releases.map(\.client)
        #expect(!clients.isEmpty && Set(clients).count == clients.count)
    }

    // MARK: Ports

    @Test(arguments: targets) func portsAreDistinctAndValid(target: String) throws {
        let ports = try profile(target).ports
        #expect(Set(ports.map { "\($0.number)/\($0.transport)" }).count == ports.count)
        for port in ports {
            #expect((1_024...65_535).contains(port.number) && !port.purpose.isEmpty)
        }
        #expect(ports.contains { $0.scope == .p2p })
    }

    /// What lets others steer the node is never opened: neither by number nor by what it is called.
    @Test(arguments: targets) func rpcIsNeverOpened(target: String) throws {
        let ports = try profile(target).ports
        let opened = Set(ports.filter { $0.scope == .p2p }.map(\.number))
        #expect(opened.isDisjoint(with: ports.filter { $0.scope == .rpc }.map(\.number)))
        #expect(opened.isDisjoint(with: [22, 8_332, 8_545, 8_546, 8_551, 5_052, 9_332, 6_060]))
        for port in ports where port.scope == .p2p {
            #expect(!port.purpose.contains("RPC") && !port.purpose.contains("API"))
        }
        let rules = TargetPorts(try profile(target)).ports
        #expect(rules.count == ports.count { $0.scope == .p2p } && rules.allSatisfy { $0.scope == .p2p })
    }

    // MARK: Disk

    @Test(arguments: targets) func theDiskHoldsTheChainForHalfAYear(target: String) throws {
        let disk = try profile(target).disk
        #expect(disk.usedGiB > 0 && disk.growthGiBPerMonth > 0)
        #expect(disk.sizeGiB >= disk.usedGiB + 6 * disk.growthGiBPerMonth)
        #expect(disk.asOf.wholeMatch(of: /20\d\d-(0[1-9]|1[0-2])(-\d\d)?/) != nil && !disk.source.isEmpty)
    }

    /// https://docs.aws.amazon.com/ebs/latest/userguide/general-purpose.html: at most 500 operations a second per GiB, and a
    /// quarter of a MiB/s per operation.
    @Test(arguments: targets) func theDiskIsWithinGP3(target: String) throws {
        let disk = try profile(target).disk
        #expect((1...65_536).contains(disk.sizeGiB))
        #expect((3_000...80_000).contains(disk.iops) && disk.iops <= max(3_000, 500 * disk.sizeGiB))
        #expect((125...2_000).contains(disk.throughputMiBps) && 4 * disk.throughputMiBps <= disk.iops)
    }

    // MARK: The rest

    @Test(arguments: targets) func theDefaultNameIsOne(target: String) throws {
        try NodeName.validate(try profile(target).target.defaultNodeName)
    }

    @Test(arguments: targets) func imagesCanBeNamed(target: String) throws {
        let profile = try profile(target)
        for architecture in profile.instanceTypes.keys {
            let name = try #require(
                profile.imageName(height: 999_999_999_999, made: "20261124T1000Z", architecture: architecture))
            #expect(ImageName(name.description) == name)
            #expect(name.target == profile.target && name.version == profile.releases.first?.version)
        }
    }

    @Test(arguments: targets) func servicesStopInTheirTime(target: String) throws {
        let services = try profile(target).services
        #expect(!services.isEmpty && Set(services.map(\.unit)).count == services.count)
        for service in services {
            #expect(service.unit.wholeMatch(of: /[a-z0-9-]+\.service/) != nil)
            #expect((10...1_800).contains(service.stopTimeout))
        }
    }

    @Test(arguments: targets) func settingsAreShellVariables(target: String) throws {
        for name in try profile(target).settings.keys {
            #expect(name.wholeMatch(of: /[A-Z][A-Z0-9_]*/) != nil)
            #expect(
                !name.hasPrefix("CLOUDRAILS_") && !["CHAIN_ID", "CHAIN_DATA", "CHAIN_SERVICES", "PATH"].contains(name))
        }
    }

    @Test(arguments: targets) func factsHaveSources(target: String) throws {
        let profile = try profile(target)
        #expect(!profile.title.isEmpty && !profile.sources.isEmpty)
        #expect(
            profile.sources.allSatisfy { !$0.fact.isEmpty && $0.place.contains(".") || $0.place.contains("release") })
        for required in profile.requires { #expect(ChainRegistry.profile(required.description) != nil) }
        switch profile.validity {
        case .current: break
        case .outdated(let reason), .mustNotRun(let reason): #expect(!reason.isEmpty)
        }
    }
}
