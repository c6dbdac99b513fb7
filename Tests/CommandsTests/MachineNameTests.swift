import CommandLineKit
import Testing

@testable import Commands

@Suite struct MachineNameTests {
    /// https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-type-names.html
    @Test(arguments: [
        "m6i.xlarge", "t4g.nano", "c7gd.16xlarge", "hpc7g.4xlarge", "u-6tb1.112xlarge", "u7i-12tb.224xlarge",
        "mac2-m2.metal", "g4dn.metal", "x2iedn.metal-32xl",
    ])
    func typesAreTaken(_ text: String) throws { try MachineName.validate(instanceType: text) }

    @Test(arguments: ["", "foo", "a b", "t4g.", ".large", "t4g large", "T4g.large", "t4g.large\n", "t4g.large.x"])
    func otherTypesAreRefused(_ text: String) {
        #expect(throws: UsageError.self) { try MachineName.validate(instanceType: text) }
    }

    @Test(arguments: ["us-east-2a", "us-gov-west-1b", "us-west-2-lax-1a", "us-east-1-wl1-bos-wlz-1"])
    func zonesAreTaken(_ text: String) throws { try MachineName.validate(zone: text) }

    @Test(arguments: ["", "a", "us east", "us-east-2a ", "-", "us-"])
    func otherZonesAreRefused(_ text: String) {
        #expect(throws: UsageError.self) { try MachineName.validate(zone: text) }
    }
}
