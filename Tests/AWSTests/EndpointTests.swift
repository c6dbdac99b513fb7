import Testing

@testable import AWS

/// What is called and what the signature names; every region's address is held against botocore elsewhere.
@Suite struct EndpointTests {
    @Test(arguments: [
        ("us-east-2", AWSService.ec2, "https://ec2.us-east-2.amazonaws.com", "us-east-2"),
        ("us-east-2", .iam, "https://iam.amazonaws.com", "us-east-1"),
        ("us-east-2", .sts, "https://sts.us-east-2.amazonaws.com", "us-east-2"),
        ("cn-north-1", .ssm, "https://ssm.cn-north-1.amazonaws.com.cn", "cn-north-1"),
        ("cn-northwest-1", .iam, "https://iam.cn-north-1.amazonaws.com.cn", "cn-north-1"),
        ("us-gov-east-1", .iam, "https://iam.us-gov.amazonaws.com", "us-gov-west-1"),
    ])
    func followsFromTheRegion(region: String, service: AWSService, url: String, signed: String) {
        let expected = Endpoint(url: url, signingName: service.rawValue, signingRegion: signed)
        #expect(Settings(region: region).endpoint(for: service) == expected)
        #expect(Settings(region: "eu-west-1").endpoint(for: service, region: region) == expected)
    }

    @Test func aSetEndpointChangesTheAddressAlone() {
        let settings = Settings(region: "us-east-2", endpoints: [.iam: "http://127.0.0.1:5000"])
        #expect(
            settings.endpoint(for: .iam)
                == Endpoint(url: "http://127.0.0.1:5000", signingName: "iam", signingRegion: "us-east-1"))
        #expect(settings.endpoint(for: .ec2).url == "https://ec2.us-east-2.amazonaws.com")
    }

    @Test func dualStackAndFIPS() {
        let dual = Settings(region: "eu-west-1", useDualStack: true)
        #expect(dual.endpoint(for: .ec2).url == "https://ec2.eu-west-1.api.aws")
        let fips = Settings(region: "us-east-1", useFIPS: true)
        #expect(fips.endpoint(for: .iam).url == "https://iam-fips.amazonaws.com")
    }
}
