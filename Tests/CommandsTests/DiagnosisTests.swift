import AWS
import Engine
import HTTP
import Testing

@testable import CommandLineKit
@testable import Commands

@Suite struct DiagnosisTests {
    private static func refused(_ code: String, _ status: Int = 400) -> AWSError {
        AWSError(
            service: .ec2, action: "RunInstances", code: code, message: "AWS's words", requestID: "req-1",
            status: status)
    }

    private static func noAnswer(_ code: Int) -> HTTPError { HTTPError(code: code, message: "m", neverSent: true) }

    @Test(arguments: [
        (UsageError("x") as any Error, ExitCode.usage),
        (Problem("x", kind: .usage), .usage),
        (Problem("x"), .failure),
        (Problem("x", kind: .tryLater), .temporary),
        (ConfigurationError("x"), .configuration),
        (ConfigurationError("x", exitClass: .credentials), .noPermission),
        (refused("UnauthorizedOperation", 403), .noPermission),
        (refused("ExpiredToken"), .noPermission),
        (refused("AuthFailure", 401), .noPermission),
        (refused("RequestLimitExceeded", 503), .temporary),
        (refused("InternalError", 500), .temporary),
        (refused("InsufficientInstanceCapacity", 500), .temporary),
        (refused("VcpuLimitExceeded"), .failure),
        (refused("InvalidParameterValue"), .failure),
        (OutcomeUnknown(action: "CreateVpc", cause: noAnswer(52)), .temporary),
        (noAnswer(7), .unavailable),
        (noAnswer(6), .unavailable),
        (noAnswer(28), .unavailable),
        (noAnswer(60), .unavailable),
        (noAnswer(2), .configuration),
        (noAnswer(3), .configuration),
        (Declined(), .failure),
        (CancellationError(), .interrupted),
        (Unforeseen(), .software),
    ])
    func everyErrorHasItsExitCode(error: any Error, code: ExitCode) {
        #expect(Diagnosis.of(error, region: "us-east-2").exitCode == code)
    }

    private struct Unforeseen: Error {}

    @Test func refusalsOfAWSKeepItsWordsAndTheRequestID() {
        let diagnostic = Diagnosis.of(Self.refused("InvalidParameterValue"), region: nil)
        #expect(diagnostic.summary == "AWS refused ec2 RunInstances (InvalidParameterValue)")
        #expect(diagnostic.cause == "AWS's words" && diagnostic.requestID == "req-1")
    }

    @Test(arguments: [
        (refused("ExpiredToken") as any Error, "aws sso login"), (refused("OptInRequired"), "--region"),
        (refused("UnauthorizedOperation"), "ec2:RunInstances"), (noAnswer(6), "region"),
        (noAnswer(60), "AWS_CA_BUNDLE"),
        (noAnswer(7), "AWS_ENDPOINT_URL"), (Unforeseen(), "report it"), (CancellationError(), "same command"),
        (OutcomeUnknown(action: "CreateVpc", cause: noAnswer(52)), "same command"),
    ])
    func saysWhatToDo(error: any Error, word: String) throws {
        #expect(try #require(Diagnosis.of(error, region: "us-east-2").fix).contains(word))
    }

    @Test func aFaultyFileIsNamedWithItsLine() {
        let error = ConfigurationError("a bracket is missing", file: "/home/a/.aws/config", line: 3)
        #expect(Diagnosis.of(error, region: nil).cause == "/home/a/.aws/config:3")
    }
}
