import ChainKit
import Testing

@Suite struct MachineTests {
    /// EC2's own names: they go into filters and names as they are.
    @Test func architecturesAreNamedAsInEC2() {
        #expect(Architecture.allCases.map(\.rawValue).sorted() == ["arm64", "x86_64"])
        #expect(Architecture(rawValue: "amd64") == nil)
    }

    @Test func aPlanIsPlainGP3UnlessItSaysOtherwise() {
        let plan = DiskPlan(sizeGiB: 10, usedGiB: 1, growthGiBPerMonth: 1, asOf: "2026-08", source: "s")
        #expect(plan.iops == 3_000 && plan.throughputMiBps == 125)
    }
}
