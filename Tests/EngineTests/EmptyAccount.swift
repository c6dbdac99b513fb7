@testable import AWS

extension FakeAWS {
    /// Answers every read as an account does that has nothing of ours: two zones, Canonical's image.
    static func emptyAccount() -> FakeAWS {
        let aws = FakeAWS()
        aws.always(
            GetCallerIdentity.self,
            .answer("<R><GetCallerIdentityResult><Account>1</Account><Arn>a</Arn></GetCallerIdentityResult></R>"))
        aws.always(DescribeInstances.self, .answer("<R><reservationSet/></R>"))
        aws.always(DescribeVolumes.self, .answer("<R><volumeSet/></R>"))
        aws.always(DescribeVpcs.self, .answer("<R><vpcSet/></R>"))
        aws.always(DescribeInternetGateways.self, .answer("<R><internetGatewaySet/></R>"))
        aws.always(DescribeKeyPairs.self, .answer("<R><keySet/></R>"))
        aws.always(DescribeAvailabilityZones.self, .answer(zones))
        aws.always(GetRole.self, .refusal("NoSuchEntity", status: 404))
        aws.always(GetInstanceProfile.self, .refusal("NoSuchEntity", status: 404))
        aws.always(GetParameter.self, .answer(#"{"Parameter":{"Name":"n","Value":"ami-1"}}"#))
        aws.always(DescribeInstanceTypeOfferings.self, .answer(offerings))
        aws.always(DescribeImages.self, .answer(image()))
        return aws
    }

    /// An image that this account owns.
    static func image(owner: String = "099720109477") -> String {
        """
        <R><imagesSet><item><imageId>ami-1</imageId><imageOwnerId>\(owner)</imageOwnerId><name>ubuntu</name>\
        <creationDate>2026-11-01T00:00:00.000Z</creationDate><rootDeviceName>/dev/sda1</rootDeviceName>\
        <architecture>arm64</architecture></item></imagesSet></R>
        """
    }

    private static let zones = """
        <R><availabilityZoneInfo>\
        <item><zoneName>us-east-2b</zoneName><optInStatus>opt-in-not-required</optInStatus></item>\
        <item><zoneName>us-east-2a</zoneName><optInStatus>opt-in-not-required</optInStatus></item>\
        <item><zoneName>us-east-2-lax-1a</zoneName><optInStatus>not-opted-in</optInStatus></item>\
        </availabilityZoneInfo></R>
        """

    private static let offerings = """
        <R><instanceTypeOfferingSet>\
        <item><instanceType>t4g.large</instanceType><location>us-east-2a</location></item>\
        <item><instanceType>t4g.large</instanceType><location>us-east-2b</location></item>\
        </instanceTypeOfferingSet></R>
        """
}
