import Testing

@testable import AWS
@testable import Engine

@Suite struct SettledTests {
    private let aws = FakeAWS()
    private let call = DeleteVpc(vpcID: "vpc-1")

    private func environment(isPlan: Bool = false, patience: Patience = .quick) -> Environment {
        Environment(aws: aws, region: "us-east-2", isPlan: isPlan, patience: patience)
    }

    @Test func waitsUntilANewThingIsKnown() async throws {
        let unknown = FakeAWS.Reply.refusal("InvalidVpcID.NotFound")
        aws.expect(DeleteVpc.self, unknown, unknown, unknown, .answer("<R/>"))
        _ = try await environment().settled(call)
        #expect(aws.actions.count == 4 && aws.left.isEmpty)
    }

    @Test func givesUpWithAWSsOwnWords() async throws {
        aws.always(DeleteVpc.self, .refusal("InvalidVpcID.NotFound"))
        let error = await #expect(throws: AWSError.self) { try await environment(patience: .short).settled(call) }
        #expect(error?.code == "InvalidVpcID.NotFound" && aws.calls.count > 1)
    }

    @Test func anotherErrorStandsAtOnce() async throws {
        aws.expect(DeleteVpc.self, .refusal("DependencyViolation"))
        await #expect(throws: AWSError.self) { try await environment().settled(call) }
    }

    /// In a plan nothing was made that could show later.
    @Test func aPlanDoesNotWait() async throws {
        aws.expect(DeleteVpc.self, .refusal("InvalidVpcID.NotFound"))
        await #expect(throws: AWSError.self) { try await environment(isPlan: true).settled(call) }
    }
}
