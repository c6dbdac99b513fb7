/// Where a service is reached, and what the signature names.
public struct Endpoint: Sendable, Equatable {
    /// Scheme, host and port, without a path: `https://ec2.us-east-2.amazonaws.com`.
    public var url: String
    /// The service's name in the credential scope.
    public var signingName: String
    /// The region in the credential scope; IAM's differs from the region in use.
    public var signingRegion: String

    /// An endpoint from its parts.
    public init(url: String, signingName: String, signingRegion: String) {
        self.url = url
        self.signingName = signingName
        self.signingRegion = signingRegion
    }
}

/// The services whose endpoint can be set, those for signing in among them.
enum EndpointService: String, CaseIterable, Sendable {
    case ec2, iam, ssm, sts, sso
    case ssoOIDC = "sso_oidc"

    /// The first label of the host name.
    var hostLabel: String {
        switch self {
        case .sso: "portal.sso"
        case .ssoOIDC: "oidc"
        default: rawValue
        }
    }

    /// `AWS_ENDPOINT_URL_EC2`.
    var variable: String { "AWS_ENDPOINT_URL_\(rawValue.uppercased())" }

    init(_ service: AWSService) {
        switch service {
        case .ec2: self = .ec2
        case .iam: self = .iam
        case .ssm: self = .ssm
        case .sts: self = .sts
        }
    }
}

extension Settings {
    /// Where a service is reached in the settings' region or in another one.
    public func endpoint(for service: AWSService, region: String? = nil) -> Endpoint {
        let region = region ?? self.region
        let isGlobal = service == .iam
        return Endpoint(
            url: endpoints[service] ?? url(of: EndpointService(service), region: region),
            signingName: service.rawValue,
            signingRegion: isGlobal ? Partition.of(region: region).globalRegion : region)
    }

    /// The services' own address, as the endpoint rule sets of botocore have it.
    func url(of service: EndpointService, region: String) -> String {
        let partition = Partition.of(region: region)
        // The public address of the GovCloud services is a FIPS endpoint already.
        let hasOwnFIPSHost = useFIPS && !(partition.name == "aws-us-gov" && (!useDualStack || service == .iam))
        if service == .iam {
            let host = useDualStack ? partition.iamHosts.dual : partition.iamHosts.single
            return "https://" + (hasOwnFIPSHost ? "iam-fips" + host.dropFirst(3) : host)
        }
        let suffix = useDualStack ? partition.dualStackSuffix : partition.suffix
        return "https://\(service.hostLabel)\(hasOwnFIPSHost ? "-fips" : "").\(region).\(suffix)"
    }
}
