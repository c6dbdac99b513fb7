import ChainKit
import Foundation
import Testing

@testable import AWS
@testable import Engine

/// The workflows before a planner: the same code as a real run, and nothing is made.
@Suite struct DryRunTests {
    private let aws = FakeAWS.emptyAccount()
    private let folder: TestFolder
    private let planner: Planner
    private let environment: Environment
    private let request: LaunchRequest

    init() throws {
        folder = try TestFolder()
        planner = Planner(aws, asksPermission: false)
        environment = Environment(aws: planner, region: "us-east-2", isPlan: true, patience: .quick)
        request = LaunchRequest(
            profile: TestProfile(), name: "my-node",
            network: NetworkRequest(keyFile: folder.file("k.pem"), target: TargetPorts(TestProfile())),
            architecture: .arm64, instanceType: "t4g.large", disk: .init(sizeGiB: 100))
    }

    @Test func aLaunchInAnEmptyAccountIsPlannedWhole() async throws {
        let survey = try await environment.survey(request)
        let result = try await environment.launch(request, userData: [1, 2, 3], survey)
        #expect(result.isNew && result.node.instance == "i-planned" && result.node.name == "my-node")
        _ = try await environment.waitUntilRunning(result.node)

        let calls = await planner.calls
        var counts: [String: Int] = [:]
        for call in calls { counts[call.action, default: 0] += 1 }
        #expect(
            counts == [
                "ImportKeyPair": 1, "CreateRole": 1, "CreateInstanceProfile": 1, "AttachRolePolicy": 1,
                "PutRolePolicy": 1, "AddRoleToInstanceProfile": 1, "CreateVpc": 1, "CreateInternetGateway": 1,
                "AttachInternetGateway": 1, "CreateSubnet": 2, "CreateRouteTable": 1, "CreateRoute": 1,
                "AssociateRouteTable": 2, "CreateVpcEndpoint": 1, "CreateSecurityGroup": 2,
                "AuthorizeSecurityGroupIngress": 1, "RunInstances": 1,
            ])
        #expect(calls.last?.action == "RunInstances")
        #expect(try folder.names.isEmpty, "a plan writes no key")
    }

    @Test func theInstanceIsAsItShallBe() async throws {
        _ = try await environment.launch(request, userData: [1, 2, 3], try await environment.survey(request))
        let run = try #require(await planner.calls.last).parameters
        #expect(run["ImageId"] == "ami-1" && run["InstanceType"] == "t4g.large" && run["UserData"] == "(3 bytes)")
        #expect(run["MetadataOptions.HttpTokens"] == "required")
        #expect(
            run["KeyName"] == "blockchain-nodes-keypair" && run["IamInstanceProfile.Name"] == "blockchain-node-role")
        #expect(run["BlockDeviceMapping.2.DeviceName"] == "/dev/xvdf")
        #expect(run["BlockDeviceMapping.2.Ebs.DeleteOnTermination"] == "false")
        #expect(run["BlockDeviceMapping.2.Ebs.VolumeSize"] == "100")
        #expect(run["ClientToken"]?.utf8.count == 64)
    }

    /// Everything that can carry a tag carries ours from the call that makes it.
    @Test func everythingIsTaggedInTheCallThatMakesIt() async throws {
        _ = try await environment.launch(request, userData: [], try await environment.survey(request))
        let makers = await planner.calls.filter {
            $0.action.hasPrefix("Create") && $0.action != "CreateRoute"
                || ["RunInstances", "ImportKeyPair"].contains($0.action)
        }
        #expect(makers.count == 12)
        for call in makers {
            let keys = call.parameters.filter { $0.key.hasSuffix(".Key") }.values
            #expect(keys.contains("cloudrails:network") && keys.contains("Name"), "\(call.action)")
        }
    }

    /// Only the ports of peers are opened.
    @Test func onlyPeersAreLetIn() async throws {
        _ = try await environment.launch(request, userData: [], try await environment.survey(request))
        let opened = await planner.calls.filter { $0.action == "AuthorizeSecurityGroupIngress" }
        #expect(opened.map { $0.parameters["IpPermissions.1.FromPort"] } == ["8333"])
        #expect(opened.allSatisfy { $0.parameters["IpPermissions.2.FromPort"] == nil })
    }

    @Test func twoPlansOfOneLaunchAreTheSame() async throws {
        let survey = try await environment.survey(request)
        _ = try await environment.launch(request, userData: [1], survey)
        _ = try await environment.launch(request, userData: [1], survey)
        let tokens = await planner.calls.filter { $0.action == "RunInstances" }.map { $0.parameters["ClientToken"] }
        #expect(tokens.count == 2 && Set(tokens).count == 1)
    }

    /// Whatever leads to an image, its owner is Canonical.
    @Test func anImageOfSomebodyElseIsNotTaken() async throws {
        aws.always(DescribeImages.self, .answer(FakeAWS.image(owner: "666666666666")))
        let survey = try await environment.survey(request)
        await #expect {
            try await environment.launch(request, userData: [], survey)
        } throws: { ($0 as? Problem)?.summary.hasPrefix("There is no image of Ubuntu 24.04") == true }
        #expect(await !planner.calls.contains { $0.action == "RunInstances" })
    }

    /// Canonical has an account in each partition.
    @Test(arguments: [
        ("us-east-2", "099720109477"), ("us-gov-west-1", "513442679011"), ("cn-north-1", "837727238323"),
    ])
    func canonicalIsKnownInEveryPartition(region: String, owner: String) async throws {
        aws.always(DescribeImages.self, .answer(FakeAWS.image(owner: owner)))
        let environment = Environment(aws: aws, region: region)
        #expect(try await environment.ubuntuImage(.arm64, parameter: nil).id == "ami-1")
        #expect(aws.calls.map { $0.parameters["Owner.1"] } == [owner])
    }

    @Test func aNetworkAloneIsPlannedToo() async throws {
        let names = NetworkNames(network: "mine")
        let wanted = NetworkRequest(names: names, keyFile: folder.file("k.pem"), sshFrom: try CIDR("203.0.113.7"))
        let found = try await environment.discoverNetwork(names)
        #expect(found.isAbsent)
        let planned = try await environment.ensureNetwork(wanted, found: found)
        #expect(planned.report(region: "us-east-2").isComplete)
        let opened = await planner.calls.first { $0.action == "AuthorizeSecurityGroupIngress" }
        #expect(opened?.parameters["IpPermissions.1.FromPort"] == "22")
        #expect(opened?.parameters["IpPermissions.1.IpRanges.1.CidrIp"] == "203.0.113.7/32")
    }
}
