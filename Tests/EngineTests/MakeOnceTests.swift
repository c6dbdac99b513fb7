import Testing

@testable import AWS
@testable import Engine

/// Calls without a ClientToken, whose answer may be lost.
@Suite struct MakeOnceTests {
    private let aws = FakeAWS()
    private let made = FakeAWS.Reply.answer("<R><vpc><vpcId>vpc-1</vpcId></vpc></R>")
    private let shown = FakeAWS.Reply.answer("<R><vpcSet><item><vpcId>vpc-2</vpcId></item></vpcSet></R>")
    private let nothing = FakeAWS.Reply.answer("<R><vpcSet/></R>")

    private func makeOnce(duplicate: String? = nil, patience: Patience = .quick) async throws -> VPCID {
        let environment = Environment(aws: aws, region: "us-east-2", patience: patience)
        return try await environment.makeOnce(
            CreateVpc(cidrBlock: "10.1.0.0/16", tags: []), duplicate: duplicate,
            find: { try await aws.all(DescribeVpcs()).first }
        ).id
    }

    private func count(_ action: String) -> Int { aws.actions.count { $0 == action } }

    @Test func anAnswerNeedsNoSecondLook() async throws {
        aws.expect(CreateVpc.self, made)
        #expect(try await makeOnce() == "vpc-1")
        #expect(aws.actions == ["CreateVpc"])
    }

    @Test func aLostAnswerIsLookedForBeforeAnythingElse() async throws {
        aws.expect(CreateVpc.self, .lost)
        aws.expect(DescribeVpcs.self, nothing, nothing, shown)
        #expect(try await makeOnce() == "vpc-2")
        #expect(aws.actions == ["CreateVpc", "DescribeVpcs", "DescribeVpcs", "DescribeVpcs"])
    }

    @Test func whatNeverShowsIsMadeAgain() async throws {
        aws.expect(CreateVpc.self, .lost, made)
        aws.always(DescribeVpcs.self, nothing)
        #expect(try await makeOnce(patience: .short) == "vpc-1")
        #expect(count("CreateVpc") == 2 && count("DescribeVpcs") > 1)
        #expect(aws.actions.last == "CreateVpc")
    }

    @Test func threeLostAnswersAreEnough() async throws {
        aws.expect(CreateVpc.self, .lost, .lost, .lost)
        aws.always(DescribeVpcs.self, nothing)
        let problem = await #expect(throws: Problem.self) { try await makeOnce(patience: .short) }
        #expect(problem?.kind == .tryLater && problem?.fix == "run the same command again")
        // Even the third may have taken effect.
        #expect(aws.actions.last == "DescribeVpcs" && count("CreateVpc") == 3)
    }

    @Test func whatExistsIsTaken() async throws {
        aws.expect(CreateVpc.self, .refusal("Thing.Duplicate"))
        aws.expect(DescribeVpcs.self, nothing, shown)
        #expect(try await makeOnce(duplicate: "Thing.Duplicate") == "vpc-2")
    }

    @Test func whatExistsAndIsNotOursIsRefused() async throws {
        aws.expect(CreateVpc.self, .refusal("Thing.Duplicate"))
        aws.always(DescribeVpcs.self, nothing)
        let error = await #expect(throws: AWSError.self) {
            try await makeOnce(duplicate: "Thing.Duplicate", patience: .short)
        }
        #expect(error?.code == "Thing.Duplicate" && count("CreateVpc") == 1)
    }

    @Test func aRefusalStands() async throws {
        aws.expect(CreateVpc.self, .refusal("VpcLimitExceeded"))
        let error = await #expect(throws: AWSError.self) { try await makeOnce(duplicate: "Thing.Duplicate") }
        #expect(error?.kind == .quota && aws.actions == ["CreateVpc"])
    }

    @Test func aLookThatFailsIsNoReasonToMakeItAgain() async throws {
        aws.expect(CreateVpc.self, .lost)
        aws.expect(DescribeVpcs.self, .refusal("UnauthorizedOperation"))
        await #expect(throws: AWSError.self) { try await makeOnce() }
        #expect(aws.actions == ["CreateVpc", "DescribeVpcs"])
    }
}
