import Testing

@testable import AWS
@testable import Engine

@Suite struct ImageAccessTests {
    private static let images = """
        <DescribeImagesResponse><imagesSet><item><imageId>ami-12345678</imageId><imageState>available</imageState>
        <name>cloudrails/bitcoin.org/signet/h000000232000/31.1/20261124T1005Z-arm64</name><isPublic>false</isPublic>
        <blockDeviceMapping><item><deviceName>/dev/sda1</deviceName><ebs><snapshotId>snap-1</snapshotId></ebs></item>
        <item><deviceName>/dev/xvdf</deviceName><ebs><snapshotId>snap-2</snapshotId></ebs></item></blockDeviceMapping>
        <tagSet><item><key>cloudrails:node</key><value>n</value></item>
        <item><key>cloudrails:consistency</key><value>clean</value></item></tagSet></item></imagesSet>
        </DescribeImagesResponse>
        """
    private static let snapshots = """
        <R><snapshotSet>\(["snap-1", "snap-2"].map {
            "<item><snapshotId>\($0)</snapshotId><volumeId>vol-1</volumeId><tagSet><item><key>cloudrails:node</key>"
                + "<value>n</value></item></tagSet></item>"
        }.joined())</snapshotSet></R>
        """

    /// AWS, with an image that nobody else may use, in a region where nothing keeps it from being public.
    private func account() -> FakeAWS {
        let aws = FakeAWS()
        aws.always(DescribeImages.self, .answer(Self.images))
        aws.always(DescribeSnapshots.self, .answer(Self.snapshots))
        aws.always(DescribeSnapshotAttribute.self, .answer("<R/>"))
        let state = "<imageBlockPublicAccessState>unblocked</imageBlockPublicAccessState><state>unblocked</state>"
        aws.always(GetImageBlockPublicAccessState.self, .answer("<R>\(state)</R>"))
        aws.always(GetSnapshotBlockPublicAccessState.self, .answer("<R>\(state)</R>"))
        return aws
    }

    private func publish(_ aws: FakeAWS) async throws -> ImageAccess {
        let environment = Environment(aws: aws, region: "us-east-2")
        return try await environment.give(try await environment.image(named: "ami-12345678"), to: .everybody)
    }

    @Test func aSnapshotThatIsRefusedTakesTheImageBack() async throws {
        let aws = account()
        let everybody = "<R><launchPermission><item><group>all</group></item></launchPermission></R>"
        aws.expect(DescribeImageAttribute.self, .answer("<R/>"), .answer(everybody))
        aws.always(ModifyImageAttribute.self, .answer("<R/>"))
        aws.always(ModifySnapshotAttribute.self, .refusal("OperationNotPermitted"))
        await #expect { try await publish(aws) } throws: { ($0 as? Problem)?.kind == .tryLater }
        let changes = aws.calls.filter { $0.action == "ModifyImageAttribute" }.map { $0.parameters["OperationType"] }
        #expect(changes == ["add", "remove"])
    }

    @Test func aRefusalOfTheImageChangesNothing() async throws {
        let aws = account()
        aws.always(DescribeImageAttribute.self, .answer("<R/>"))
        aws.expect(ModifyImageAttribute.self, .refusal("ResourceLimitExceeded"))
        await #expect { try await publish(aws) } throws: { ($0 as? Problem)?.summary.contains("quota") == true }
        #expect(!aws.actions.contains("ModifySnapshotAttribute"))
    }

    @Test func anOrganizationThatDecidesIsNamed() async throws {
        let aws = account()
        aws.always(DescribeImageAttribute.self, .answer("<R/>"))
        let state = "<imageBlockPublicAccessState>block-new-sharing</imageBlockPublicAccessState>"
        aws.always(
            GetImageBlockPublicAccessState.self, .answer("<R>\(state)<managedBy>declarative-policy</managedBy></R>"))
        await #expect { try await publish(aws) } throws: {
            ($0 as? Problem)?.fix?.contains("declarative policies") == true
        }
    }
}
