import ChainKit
import Testing

@testable import AWS
@testable import Engine

/// RunInstances in a VPC of the user's own with two zones, by script.
@Suite(.timeLimit(.minutes(1))) struct LaunchTests {
    private let aws = FakeAWS()
    private let folder: TestFolder
    private let request: LaunchRequest
    private let survey: LaunchSurvey

    init() throws {
        folder = try TestFolder()
        let file = folder.file("k.pem")
        let key = try KeyPair.generate()
        try key.write(to: file)
        request = LaunchRequest(
            profile: TestProfile(), name: "my-node", network: NetworkRequest(keyFile: file, takesRoleAsItIs: true),
            architecture: .arm64, instanceType: "t4g.large", disk: .init(sizeGiB: 100),
            place: .init(vpc: "vpc-1", securityGroup: "sg-1"))
        var network = Network(names: NetworkNames())
        network.keyPair = try KeyPairInfo(
            .parse(
                Array("<k><keyPairId>key-1</keyPairId><keyFingerprint>\(key.fingerprints[0])</keyFingerprint></k>".utf8)
            ))
        network.role = try Role(.parse(Array("<r><RoleName>r</RoleName></r>".utf8)))
        network.instanceProfile = try InstanceProfile(
            .parse(Array("<p><InstanceProfileName>r</InstanceProfileName></p>".utf8)))
        survey = LaunchSurvey(
            account: "1", existing: nil, gone: [], network: network, imageParameter: "ami-1",
            offered: ["us-east-2a", "us-east-2b"])
        aws.always(DescribeImages.self, .answer(FakeAWS.image()))
        let subnets = ["b", "a"].map {
            "<item><subnetId>subnet-\($0)</subnetId><vpcId>vpc-1</vpcId><availabilityZone>us-east-2\($0)</availabilityZone></item>"
        }
        aws.always(DescribeSubnets.self, .answer("<R><subnetSet>\(subnets.joined())</subnetSet></R>"))
    }

    private func result(_ patience: Patience = .quick) async throws -> LaunchResult {
        let environment = Environment(aws: aws, region: "us-east-2", patience: patience)
        return try await environment.launch(request, userData: [], survey)
    }

    private func launch(_ patience: Patience = .quick) async throws -> Node { try await result(patience).node }

    private func item(_ id: String, _ state: String, zone: String) -> String {
        """
        <instancesSet><item><instanceId>\(id)</instanceId><imageId>ami-1</imageId><instanceState><name>\(state)</name>\
        </instanceState><vpcId>vpc-1</vpcId><placement><availabilityZone>us-east-2\(zone)</availabilityZone></placement><tagSet><item>\
        <key>cloudrails:node</key><value>my-node</value></item></tagSet></item></instancesSet>
        """
    }

    private func made(_ id: String = "i-1", _ state: String = "pending", zone: String = "a") -> FakeAWS.Reply {
        .answer("<R>\(item(id, state, zone: zone))</R>")
    }

    private func node(_ state: String) throws -> Node {
        let xml = try XMLElement.parse(Array(item("i-1", state, zone: "a").utf8))
        let instance = try Instance(#require(xml.children.first))
        return try #require(Node(instance))
    }

    private var runs: [[String: String]] { aws.calls.filter { $0.action == "RunInstances" }.map(\.parameters) }
    private var tokens: [String?] { runs.map { $0["ClientToken"] } }

    @Test func theFirstZoneIsTaken() async throws {
        aws.expect(RunInstances.self, made())
        let result = try await result()
        #expect(result.node.instance == "i-1" && result.isNew)
        #expect(runs[0]["NetworkInterface.1.SubnetId"] == "subnet-a")
        #expect(runs[0]["NetworkInterface.1.SecurityGroupId.1"] == "sg-1")
    }

    @Test func aFullZoneIsPassedOver() async throws {
        aws.expect(RunInstances.self, .refusal("InsufficientInstanceCapacity", status: 500), made(zone: "b"))
        #expect(try await launch().zone == "us-east-2b")
        #expect(runs.map { $0["NetworkInterface.1.SubnetId"] } == ["subnet-a", "subnet-b"])
        // Another zone is another call, and so another token.
        #expect(Set(tokens).count == 2)
    }

    @Test func noCapacityAnywhereMayPass() async throws {
        aws.always(RunInstances.self, .refusal("InsufficientInstanceCapacity", status: 500))
        let problem = await #expect(throws: Problem.self) { try await launch() }
        #expect(problem?.kind == .tryLater && problem?.summary == "AWS has no t4g.large free in us-east-2a, us-east-2b")
        #expect(runs.count == 2)
    }

    @Test(arguments: ["VcpuLimitExceeded", "UnauthorizedOperation", "InvalidParameterCombination"])
    func otherRefusalsStopAtOnce(code: String) async throws {
        aws.expect(RunInstances.self, .refusal(code))
        let error = await #expect(throws: AWSError.self) { try await launch() }
        #expect(error?.code == code && runs.count == 1)
    }

    private let invisible = FakeAWS.Reply.refusal(
        "InvalidParameterValue",
        "Value (r) for parameter iamInstanceProfile.name is invalid. Invalid IAM Instance Profile name")

    @Test func aRoleThatIsNewIsWaitedFor() async throws {
        aws.expect(RunInstances.self, invisible, invisible, .refusal("InvalidGroup.NotFound"), made())
        #expect(try await launch().instance == "i-1")
        #expect(tokens.count == 4 && Set(tokens).count == 1)
    }

    @Test func aRoleThatNeverShowsIsAWSsRefusal() async throws {
        aws.always(RunInstances.self, invisible)
        let error = await #expect(throws: AWSError.self) { try await launch(.short) }
        #expect(error?.code == "InvalidParameterValue" && Set(tokens).count == 1)
    }

    @Test func anotherInvalidParameterIsNotWaitedFor() async throws {
        aws.expect(RunInstances.self, .refusal("InvalidParameterValue", "Invalid volume size"))
        await #expect(throws: AWSError.self) { try await launch() }
    }

    /// AWS answers a token that it remembers with the instance of then.
    @Test func anInstanceThatIsGoneIsFollowedByANewOne() async throws {
        aws.expect(RunInstances.self, made("i-old", "terminated"), made("i-new"))
        #expect(try await launch().instance == "i-new")
        #expect(Set(tokens).count == 2)
    }

    /// Nor is it waited for, as nothing of it will show.
    @Test func aTokenOfAnInstanceThatIsGoneIsFollowedByAnother() async throws {
        let gone = FakeAWS.Reply.refusal("IdempotentInstanceTerminated")
        aws.expect(RunInstances.self, gone, gone, made("i-new"))
        let result = try await result()
        #expect(result.node.instance == "i-new" && result.isNew)
        #expect(Set(tokens).count == 3 && !aws.actions.contains("DescribeInstances"))
    }

    @Test func aTokenOfAnotherLaunchLeadsToItsNode() async throws {
        aws.expect(RunInstances.self, .refusal("IdempotentParameterMismatch"))
        aws.expect(
            DescribeInstances.self, .answer("<R><reservationSet/></R>"),
            .answer("<R><reservationSet><item>\(item("i-7", "running", zone: "a"))</item></reservationSet></R>"))
        let result = try await result()
        #expect(result.node.instance == "i-7" && !result.isNew)
        #expect(runs.count == 1)
    }

    @Test func rememberedLaunchesEnd() async throws {
        aws.always(RunInstances.self, .refusal("IdempotentInstanceTerminated"))
        let problem = await #expect(throws: Problem.self) { try await launch() }
        #expect(problem?.kind == .tryLater && Set(tokens).count == 20 && tokens.count == 20)
    }

    @Test func aNodeThatIsThereIsLeftAsItIs() async throws {
        var there = survey
        there.existing = try node("stopped")
        let result = try await Environment(aws: aws, region: "us-east-2").launch(request, userData: [], there)
        #expect(result.node.instance == "i-1" && !result.isNew)
        #expect(aws.calls.isEmpty)
    }

    // MARK: waiting until it runs

    private func wait(_ states: String...) async throws -> Node {
        let node = try node("pending")
        for state in states {
            let reservation = state.isEmpty ? "" : "<item>\(item("i-1", state, zone: "a"))</item>"
            aws.expect(DescribeInstances.self, .answer("<R><reservationSet>\(reservation)</reservationSet></R>"))
        }
        return try await Environment(aws: aws, region: "us-east-2", patience: .quick).waitUntilRunning(node)
    }

    /// A describe that does not show the new instance yet says nothing.
    @Test func itIsWaitedUntilItRuns() async throws {
        #expect(try await wait("", "pending", "pending", "running").state == "running")
        #expect(aws.left.isEmpty)
    }

    @Test func oneThatEndsInsteadIsSaid() async throws {
        let problem = await #expect(throws: Problem.self) { _ = try await wait("pending", "terminated") }
        #expect(problem?.summary == "my-node is terminated instead of running")
    }
}
