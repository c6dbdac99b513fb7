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
