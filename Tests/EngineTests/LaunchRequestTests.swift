import AWS
import ChainKit
import Testing

@testable import Engine

/// What is refused before anything is sent.
@Suite struct LaunchRequestTests {
    private func request(_ change: (inout LaunchRequest) -> Void = { _ in }) -> LaunchRequest {
        var request = LaunchRequest(
            profile: TestProfile(), name: "n", network: NetworkRequest(keyFile: "/none"), architecture: .arm64,
            instanceType: "t4g.large", disk: .init(sizeGiB: 100, iops: 3_000, throughputMiBps: 125))
        change(&request)
        return request
    }

    @Test func thePlanOfAChainIsAccepted() throws { try request().validate() }

    @Test(arguments: [
        LaunchRequest.Disk(sizeGiB: 60), .init(sizeGiB: 65_536, iops: 80_000, throughputMiBps: 2_000),
        .init(sizeGiB: 16_384, type: "gp2"), .init(sizeGiB: 100, type: "io1", iops: 100),
        .init(sizeGiB: 65_536, type: "io2", iops: 256_000),
    ])
    func disksWithinTheLimits(disk: LaunchRequest.Disk) throws { try request { $0.disk = disk }.validate() }

    @Test(arguments: [
        (LaunchRequest.Disk(sizeGiB: 59), "59 GiB cannot hold example.org/testnet"),
        (.init(sizeGiB: 65_537), "--disk-size 65537 is out of range"),
        (.init(sizeGiB: 16_385, type: "gp2"), "--disk-size 16385 is out of range"),
        (.init(sizeGiB: 100, iops: 2_999), "--iops 2999 is out of range"),
        (.init(sizeGiB: 100, iops: 80_001), "--iops 80001 is out of range"),
        (.init(sizeGiB: 100, throughputMiBps: 124), "--throughput 124 is out of range"),
        (.init(sizeGiB: 100, throughputMiBps: 2_001), "--throughput 2001 is out of range"),
        (.init(sizeGiB: 100, type: "gp2", iops: 3_000), "gp2 volumes take no --iops"),
        (.init(sizeGiB: 100, type: "io2", iops: 100, throughputMiBps: 125), "io2 volumes take no --throughput"),
        (.init(sizeGiB: 100, type: "io2"), "io2 volumes want --iops"),
        (.init(sizeGiB: 100, type: "st1"), "'st1' is no volume type for a node"),
        (.init(sizeGiB: 100, type: ""), "'' is no volume type for a node"),
    ])
    func disksBeyondThem(disk: LaunchRequest.Disk, summary: String) {
        let problem = #expect(throws: Problem.self) { try request { $0.disk = disk }.validate() }
        #expect(problem?.summary == summary && problem?.kind == .usage && problem?.fix?.isEmpty == false)
    }

    @Test func aClientThatMustNotRunIsRefusedWithItsReason() {
        let profile = TestProfile(validity: .mustNotRun("it forks off"))
        let problem = #expect(throws: Problem.self) { try request { $0.profile = profile }.validate() }
        #expect(problem?.cause == "it forks off" && problem?.kind == .refused)
    }

    @Test func anOutdatedOneIsNot() throws {
        try request { $0.profile = TestProfile(validity: .outdated("a newer one is out")) }.validate()
    }

    @Test func aNameIsChecked() {
        #expect(throws: Problem.self) { try request { $0.name = "a b" }.validate() }
    }

    @Test func aPlaceOfTheUsersOwnIsNotTheNetwork() {
        #expect(LaunchRequest.Place().isNetwork && LaunchRequest.Place(securityGroup: "sg-1").isNetwork)
        #expect(!LaunchRequest.Place(vpc: "vpc-1").isNetwork && !LaunchRequest.Place(subnet: "subnet-1").isNetwork)
    }
}
