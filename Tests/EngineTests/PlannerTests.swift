import Testing

@testable import AWS
@testable import Engine

/// A plan lets reads through and writes changes down.
@Suite struct PlannerTests {
    private let aws = FakeAWS()
    private let change = CreateVpc(cidrBlock: "10.1.0.0/16", tags: [Tag("Name", "n")])

    @Test func readsGoThrough() async throws {
        aws.expect(DescribeVpcs.self, .answer("<R><vpcSet><item><vpcId>vpc-1</vpcId></item></vpcSet></R>"))
        let planner = Planner(aws, asksPermission: false)
        #expect(try await planner.call(DescribeVpcs()).items.map(\.id) == ["vpc-1"])
        #expect(await planner.calls.isEmpty)
    }

    @Test func changesAreWrittenDownAndNotMade() async throws {
        let planner = Planner(aws, asksPermission: false)
        #expect(try await planner.call(change).id == "vpc-planned")
        _ = try await planner.call(DeleteVpc(vpcID: "vpc-1"))
        let calls = await planner.calls
        #expect(calls.map(\.action) == ["CreateVpc", "DeleteVpc"] && calls.allSatisfy { $0.service == "ec2" })
        #expect(calls[0].parameters["CidrBlock"] == "10.1.0.0/16")
        #expect(calls[0].parameters["TagSpecification.1.Tag.1.Value"] == "n")
        #expect(calls[0].permission == nil)
        #expect(aws.calls.isEmpty)
    }

    @Test(arguments: [
        ("DryRunOperation", PlannedCall.Permission.allowed), ("UnauthorizedOperation", .denied),
        ("InvalidVpcID.NotFound", .unknown), ("InvalidParameterValue", .unknown),
    ])
    func permissionIsAskedFor(code: String, permission: PlannedCall.Permission) async throws {
        aws.expect(CreateVpc.self, .refusal(code, status: 412))
        let planner = Planner(aws, asksPermission: true)
        _ = try await planner.call(change)
        #expect(await planner.calls.map(\.permission) == [permission])
        #expect(aws.calls.map { $0.parameters["DryRun"] } == ["true"])
        // What is shown is the call of a real run.
        #expect(await planner.calls[0].parameters["DryRun"] == nil)
    }

    /// IAM knows no DryRun: asking would be doing.
    @Test func whatCannotBeAskedIsNotSent() async throws {
        let planner = Planner(aws, asksPermission: true)
        _ = try await planner.call(CreateInstanceProfile(instanceProfileName: "p", tags: []))
        #expect(await planner.calls.map(\.permission) == [.unknown])
        #expect(aws.calls.isEmpty)
    }

    @Test(arguments: [0, 1, 2, 3, 100, 16_384]) func userDataIsGivenByItsSize(count: Int) async throws {
        let planner = Planner(aws, asksPermission: false)
        _ = try await planner.call(
            RunInstances(
                imageID: "ami-1", instanceType: "t4g.large", keyName: "k", subnetID: "subnet-1",
                securityGroupIDs: ["sg-1"], associatePublicIPAddress: true, iamInstanceProfileName: "p",
                userData: [UInt8](repeating: 7, count: count), blockDeviceMappings: [], clientToken: "t", tags: [],
                isSpot: false))
        #expect(await planner.calls[0].parameters["UserData"] == "(\(count) bytes)")
    }
}
