import Synchronization
import Testing

@testable import AWS
@testable import Engine

@Suite struct ImageUsersTests {
    private func images(_ count: Int) throws -> [NodeImage] {
        try (0..<count).map { index in
            let answer = """
                <item><imageId>ami-\(index)</imageId>
                <name>cloudrails/bitcoin.org/signet/h000000000001/31.1/20261124T1005Z-arm64</name></item>
                """
            let parsed = try Image(XMLElement.parse(Array(answer.utf8)))
            return try #require(NodeImage(parsed, region: "r", trusted: []))
        }
    }

    private let instances = """
        <R><reservationSet><item><instancesSet><item><instanceId>i-1</instanceId><imageId>ami-3</imageId>
        </item></instancesSet></item></reservationSet></R>
        """

    private func reference(_ kind: String, _ name: String) -> String {
        """
        <R><imageReferenceSet><item><imageId>ami-3</imageId><resourceType>\(kind)</resourceType><arn>\(name)</arn></item>
        </imageReferenceSet></R>
        """
    }

    @Test func tenImagesAreAskedForAtOnce() async throws {
        let aws = FakeAWS()
        aws.always(DescribeInstances.self, .answer(instances))
        aws.expect(
            DescribeImageReferences.self, .answer(reference("ec2:LaunchTemplate", "arn:t")),
            .answer(reference("ec2:Instance", "arn:gone")), .answer("<R/>"))
        let users = try await Environment(aws: aws, region: "r").users(of: images(21))
        #expect(users == ["ami-3": ImageUsers(instances: ["i-1"], others: ["arn:t"])])
        let asked = aws.calls.filter { $0.action == "DescribeImageReferences" }.map { call in
            call.parameters.keys.count { $0.hasPrefix("ImageId.") }
        }
        #expect(asked.sorted() == [1, 10, 10])
    }

    /// AWS refuses all for the sake of one that is gone; a launch template that refers to another must not be missed.
    @Test(arguments: ["InvalidAMIID.NotFound", "InvalidAMIID.Unavailable"])
    func oneThatIsGoneHidesNoOther(code: String) async throws {
        let aws = FakeAWS()
        aws.always(DescribeInstances.self, .answer("<R/>"))
        aws.expect(
            DescribeImageReferences.self, .refusal(code), .refusal(code),
            .answer(reference("ec2:LaunchTemplate", "arn:t")), .answer("<R/>"))
        let users = try await Environment(aws: aws, region: "r").users(of: images(3))
        #expect(users == ["ami-3": ImageUsers(others: ["arn:t"])] && aws.left.isEmpty)
    }

    @Test func noCallHasMoreFilterValuesThanEC2Takes() async throws {
        let aws = FakeAWS()
        aws.always(DescribeImageReferences.self, .answer("<R/>"))
        aws.expect(DescribeInstances.self, .answer("<R/>"), .answer(instances))
        #expect(try await Environment(aws: aws, region: "r").users(of: images(200)).keys.sorted() == ["ami-3"])
        // The states of instances are values, too.
        #expect(aws.filterValues(of: DescribeInstances.self).sorted() == [10, 200])
    }

    @Test func neitherHasOneAboutSnapshots() async throws {
        let aws = FakeAWS()
        let left = (0..<201).map {
            """
            <item><snapshotId>snap-\($0)</snapshotId><volumeId>vol-1</volumeId><status>completed</status>
            <tagSet><item><key>\(Tags.node)</key><value>n</value></item></tagSet></item>
            """
        }
        aws.expect(DescribeSnapshots.self, .answer("<R><snapshotSet>\(left.joined())</snapshotSet></R>"))
        aws.expect(DescribeImages.self, .answer("<R/>"), .answer(holder(of: "snap-7")))
        let found = try await Environment(aws: aws, region: "r").leftovers(ofImage: nil)
        #expect(found.count == 200 && !found.contains { $0.id.rawValue == "snap-7" })
        #expect(aws.filterValues(of: DescribeImages.self).sorted() == [1, 200])
    }

    private func holder(of snapshot: String) -> String {
        """
        <R><imagesSet><item><imageId>ami-1</imageId><blockDeviceMapping><item><ebs><snapshotId>\(snapshot)</snapshotId></ebs>
        </item></blockDeviceMapping></item></imagesSet></R>
        """
    }

    @Test func whoeverMayNotAskIsToldSo() async throws {
        let aws = FakeAWS()
        aws.always(DescribeInstances.self, .answer(instances))
        aws.always(DescribeImageReferences.self, .refusal("UnauthorizedOperation", status: 403))
        let told = Mutex<[String]>([])
        let environment = Environment(aws: aws, region: "r") { event in
            if case .warning(let text) = event { told.withLock { $0.append(text) } }
        }
        let users = try await environment.users(of: images(4))
        #expect(users == ["ami-3": ImageUsers(instances: ["i-1"])])
        #expect(told.withLock { $0 }.count == 1)
    }

    @Test func nothingIsAskedForNoImage() async throws {
        let aws = FakeAWS()
        #expect(try await Environment(aws: aws, region: "r").users(of: []).isEmpty && aws.calls.isEmpty)
    }
}
