public import AWS

/// The account limits that a launch meets, by the code that AWS refuses with.
public enum Quota {
    /// What the quota is called and its code in Service Quotas
    /// (https://docs.aws.amazon.com/general/latest/gr/ec2-service.html, .../vpc/latest/userguide/amazon-vpc-limits.html).
    private static let known: [String: (name: String, code: String)] = [
        "VcpuLimitExceeded": ("Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances", "L-1216C47A"),
        "InstanceLimitExceeded": ("Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances", "L-1216C47A"),
        "MaxSpotInstanceCountExceeded": (
            "All Standard (A, C, D, H, I, M, R, T, Z) Spot Instance Requests", "L-34B43A08"
        ),
        "VpcLimitExceeded": ("VPCs per Region", "L-F678F1CE"),
        "InternetGatewayLimitExceeded": ("Internet gateways per Region", "L-A4707A72"),
    ]

    /// Tells people which quota is reached and how to have it raised.
    public static func problem(_ error: AWSError, region: String) -> Problem {
        let quota = known[error.code]
        let service = error.code.hasPrefix("Vpc") || error.code.hasPrefix("Internet") ? "vpc" : error.service.rawValue
        let ask = quota.map {
            "aws service-quotas request-service-quota-increase --service-code \(service) --quota-code \($0.code) "
                + "--region \(region) --desired-value NUMBER"
        }
        return Problem(
            "The account's quota is reached: " + (quota.map { "\($0.name) (\($0.code))" } ?? error.code),
            cause: error.message, fix: ask ?? "ask for more in the console, under Service Quotas", kind: .refused,
            requestID: error.requestID)
    }
}
