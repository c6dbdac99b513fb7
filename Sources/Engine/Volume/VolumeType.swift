/// What EBS takes and costs, by volume type. Magnetic types are left out: a chain's database wants an SSD.
struct VolumeType: Sendable {
    /// GiB (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_EbsBlockDevice.html).
    var size: ClosedRange<Int>
    /// I/O operations a second; nil where they cannot be chosen.
    var iops: ClosedRange<Int>?
    /// MiB/s; nil where it cannot be chosen.
    var throughput: ClosedRange<Int>?
    fileprivate var price: Price

    /// US dollars a month, for what goes beyond that which costs nothing.
    fileprivate struct Price {
        var perGiB: Double
        var perIOPS = 0.0
        var perMiBps = 0.0
        var freeIOPS = 0
        var freeMiBps = 0
        /// Operations beyond this many have other prices.
        var mostIOPS = Int.max
    }

    /// Where and when the prices held: https://aws.amazon.com/ebs/pricing/. Other regions differ.
    static let pricesHeld = "us-east-1, early 2026"

    private static let all: [String: VolumeType] = [
        "gp3": VolumeType(
            size: 1...65_536, iops: 3_000...80_000, throughput: 125...2_000,
            price: Price(perGiB: 0.08, perIOPS: 0.005, perMiBps: 0.04, freeIOPS: 3_000, freeMiBps: 125)),
        "gp2": VolumeType(size: 1...16_384, price: Price(perGiB: 0.10)),
        "io1": VolumeType(size: 4...16_384, iops: 100...64_000, price: Price(perGiB: 0.125, perIOPS: 0.065)),
        "io2": VolumeType(
            size: 4...65_536, iops: 100...256_000, price: Price(perGiB: 0.125, perIOPS: 0.065, mostIOPS: 32_000)),
    ]

    /// The type of that name.
    static func named(_ name: String) -> VolumeType? { all[name] }
    /// All names, sorted.
    static var names: [String] { all.keys.sorted() }

    /// What a volume costs, US dollars a month; nil where the price is not known.
    func monthlyUSD(sizeGiB: Int, iops: Int?, throughputMiBps: Int?) -> Double? {
        // gp2 shows operations that follow from its size and cost nothing.
        let paidIOPS = self.iops == nil ? 0 : max(0, (iops ?? 0) - price.freeIOPS)
        let paidMiBps = max(0, (throughputMiBps ?? 0) - price.freeMiBps)
        guard paidIOPS <= price.mostIOPS else { return nil }
        let cost =
            Double(sizeGiB) * price.perGiB + Double(paidIOPS) * price.perIOPS
            + Double(paidMiBps) * price.perMiBps
        return (cost * 100).rounded() / 100
    }
}
