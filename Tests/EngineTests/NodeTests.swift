import Testing

@testable import AWS
@testable import Engine

@Suite struct NodeTests {
    private func node(_ xml: String) throws -> Node? {
        try Node(
            Instance(.parse(Array("<item><instanceId>i-1</instanceId><imageId>ami-1</imageId>\(xml)</item>".utf8))))
    }

    private let full = """
        <instanceType>t4g.large</instanceType><instanceState><name>running</name></instanceState>\
        <launchTime>2026-11-24T10:00:00.000Z</launchTime><keyName>k</keyName><subnetId>subnet-1</subnetId>\
        <vpcId>vpc-1</vpcId><placement><availabilityZone>us-east-2a</availabilityZone></placement>\
        <ipAddress>203.0.113.7</ipAddress><privateIpAddress>10.1.0.4</privateIpAddress>\
        <architecture>arm64</architecture><instanceLifecycle>spot</instanceLifecycle><blockDeviceMapping>\
        <item><deviceName>/dev/sda1</deviceName><ebs><volumeId>vol-root</volumeId>\
        <deleteOnTermination>true</deleteOnTermination></ebs></item>\
        <item><deviceName>/dev/xvdf</deviceName><ebs><volumeId>vol-data</volumeId>\
        <deleteOnTermination>false</deleteOnTermination></ebs></item></blockDeviceMapping>\
        <groupSet><item><groupId>sg-1</groupId><groupName>g</groupName></item></groupSet><tagSet>\
        <item><key>cloudrails:node</key><value>n</value></item>\
        <item><key>cloudrails:chain</key><value>bitcoin.org/signet</value></item>\
        <item><key>cloudrails:status</key><value>state=synced</value></item></tagSet>
        """

    @Test func isReadFromAnInstance() throws {
        let node = try #require(try node(full))
        #expect(node.name == "n" && node.target == "bitcoin.org/signet" && node.instance == "i-1")
        #expect(node.state == "running" && node.isAlive && node.isSpot && node.zone == "us-east-2a")
        #expect(node.publicAddress == "203.0.113.7" && node.privateAddress == "10.1.0.4")
        #expect(node.dataVolume == "vol-data" && !node.deletesData)
        #expect(node.securityGroups == ["g"] && node.keyPair == "k" && node.status == "state=synced")
        #expect(node.vpc == "vpc-1" && node.subnet == "subnet-1" && node.image == "ami-1")
    }

    /// What has no tag of ours is no node, whatever it is called.
    @Test func anotherInstanceIsNone() throws {
        #expect(try node("<tagSet><item><key>Name</key><value>n</value></item></tagSet>") == nil)
        #expect(try node("") == nil)
    }

    @Test(arguments: [
        ("pending", true), ("running", true), ("stopping", true), ("stopped", true), ("shutting-down", false),
        ("terminated", false),
    ])
    func livesUntilItIsGoing(state: String, isAlive: Bool) throws {
        let text = full.replacing("<name>running", with: "<name>\(state)")
        #expect(try node(text)?.isAlive == isAlive)
    }

    @Test func anUnknownNameTellsTheOthers() async throws {
        let aws = FakeAWS()
        let item =
            "<item><instancesSet><item><instanceId>i-1</instanceId><imageId>ami-1</imageId>\(full)</item></instancesSet></item>"
        aws.expect(
            DescribeInstances.self, .answer("<R><reservationSet/></R>"),
            .answer("<R><reservationSet>\(item)</reservationSet></R>"))
        let environment = Environment(aws: aws, region: "us-east-2")
        let problem = await #expect(throws: Problem.self) { try await environment.node(named: "m") }
        #expect(problem?.summary == "There is no node named 'm' in us-east-2" && problem?.cause == "there are: n")
    }
}
