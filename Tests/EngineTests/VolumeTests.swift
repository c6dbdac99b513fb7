import Testing

@testable import Engine

@Suite struct VolumeTypeTests {
    /// By hand, from the prices at https://aws.amazon.com/ebs/pricing/.
    @Test(arguments: [
        ("gp3", 100, 3_000, 125, 8.0), ("gp3", 2_560, 8_000, 700, 252.8), ("gp2", 200, 600, nil, 20.0),
        ("io1", 100, 1_000, nil, 77.5), ("io2", 4, 100, nil, 7.0),
    ])
    func costs(type: String, size: Int, iops: Int, throughput: Int?, dollars: Double) throws {
        let type = try #require(VolumeType.named(type))
        #expect(type.monthlyUSD(sizeGiB: size, iops: iops, throughputMiBps: throughput) == dollars)
    }

    @Test func whatHasOtherPricesIsNotGuessed() throws {
        let type = try #require(VolumeType.named("io2"))
        #expect(type.monthlyUSD(sizeGiB: 100, iops: 64_000, throughputMiBps: nil) == nil)
        #expect(VolumeType.named("st1") == nil)
    }
}

@Suite struct VolumeNameTests {
    @Test(arguments: ["vol-0123456789abcdef0", "vol-01234567", "my-node", "vol-x"])
    func accepts(name: String) throws { try VolumeName.validate(name) }

    @Test(arguments: ["vol-", "vol-0123", "vol-0123456789abcdefg", "vol-0123456789ABCDEF0", "my-node", ""])
    func isNoID(name: String) {
        #expect(!VolumeName.isID(name))
        #expect(throws: Problem.self) { try VolumeName.id(name) }
    }
}
