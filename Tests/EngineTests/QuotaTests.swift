import AWS
import Testing

@testable import Engine

@Suite struct QuotaTests {
    private func problem(_ code: String) -> Problem {
        Quota.problem(
            AWSError(service: .ec2, action: "A", code: code, message: "words of AWS", requestID: "r-1", status: 400),
            region: "us-east-2")
    }

    @Test(arguments: [
        ("VcpuLimitExceeded", "ec2", "L-1216C47A"), ("MaxSpotInstanceCountExceeded", "ec2", "L-34B43A08"),
        ("VpcLimitExceeded", "vpc", "L-F678F1CE"), ("InternetGatewayLimitExceeded", "vpc", "L-A4707A72"),
    ])
    func namesTheQuotaAndHowToHaveItRaised(code: String, service: String, quota: String) {
        let problem = problem(code)
        #expect(
            problem.summary.hasSuffix("(\(quota))") && problem.cause == "words of AWS" && problem.requestID == "r-1")
        #expect(
            problem.fix == "aws service-quotas request-service-quota-increase --service-code \(service) --quota-code "
                + "\(quota) --region us-east-2 --desired-value NUMBER")
    }

    @Test func anotherQuotaIsGivenByItsCode() {
        #expect(problem("RouteLimitExceeded").summary == "The account's quota is reached: RouteLimitExceeded")
        #expect(problem("RouteLimitExceeded").fix?.contains("Service Quotas") == true)
    }
}
