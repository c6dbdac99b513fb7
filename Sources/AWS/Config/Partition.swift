/// A part of AWS with accounts, names and addresses of its own.
///
/// From botocore/data/partitions.json and the services' endpoint rule sets; the tests compare every region's addresses.
public struct Partition: Sendable {
    /// `aws`, `aws-cn`, …: the second word of its ARNs.
    public let name: String
    /// How its regions' names begin.
    var regionPrefix: String
    /// What its host names end in: `amazonaws.com` and, in China, `amazonaws.com.cn`.
    public let suffix: String
    /// The same for dual-stack endpoints.
    var dualStackSuffix: String
    /// Where IAM, which belongs to no region, is signed for.
    var globalRegion: String
    /// IAM's host, without and with dual stack.
    var iamHosts: (single: String, dual: String)
    /// Only here do FIPS endpoints exist.
    var hasFIPS = false

    /// The partition of a region; an unknown region is taken for one of AWS's public ones.
    public static func of(region: String) -> Partition { all.first { region.hasPrefix($0.regionPrefix) } ?? aws }

    private static let aws = Partition(
        name: "aws", regionPrefix: "", suffix: "amazonaws.com", dualStackSuffix: "api.aws", globalRegion: "us-east-1",
        iamHosts: ("iam.amazonaws.com", "iam.global.api.aws"), hasFIPS: true)

    private static let all = [
        Partition(
            name: "aws-us-gov", regionPrefix: "us-gov-", suffix: "amazonaws.com", dualStackSuffix: "api.aws",
            globalRegion: "us-gov-west-1", iamHosts: ("iam.us-gov.amazonaws.com", "iam.us-gov.api.aws"), hasFIPS: true),
        Partition(
            name: "aws-cn", regionPrefix: "cn-", suffix: "amazonaws.com.cn",
            dualStackSuffix: "api.amazonwebservices.com.cn", globalRegion: "cn-north-1",
            iamHosts: ("iam.cn-north-1.amazonaws.com.cn", "iam.global.api.amazonwebservices.com.cn")),
        isolated("aws-eusc", "eusc-", "amazonaws.eu", "api.amazonwebservices.eu", "eusc-de-east-1"),
        isolated("aws-iso-b", "us-isob-", "sc2s.sgov.gov", "api.aws.scloud", "us-isob-east-1"),
        isolated("aws-iso-e", "eu-isoe-", "cloud.adc-e.uk", "api.cloud-aws.adc-e.uk", "eu-isoe-west-1"),
        isolated("aws-iso-f", "us-isof-", "csp.hci.ic.gov", "api.aws.hci.ic.gov", "us-isof-south-1"),
        isolated("aws-iso", "us-iso-", "c2s.ic.gov", "api.aws.ic.gov", "us-iso-east-1"),
    ]

    private static func isolated(
        _ name: String, _ prefix: String, _ suffix: String, _ dual: String, _ global: String
    ) -> Partition {
        Partition(
            name: name, regionPrefix: prefix, suffix: suffix, dualStackSuffix: dual, globalRegion: global,
            iamHosts: ("iam.\(global).\(suffix)", "iam.\(dual)"))
    }
}
