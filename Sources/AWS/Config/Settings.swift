/// What a run of the tool talks to, as flags, environment and shared files say.
public struct Settings: Sendable {
    /// The region, such as `us-east-2`.
    public var region: String
    /// The profile in use; nil where none is named and there is neither `blockchain-nodes` nor `default`.
    public var profile: String?
    /// True when the profile was named on the command line: keys in the environment are then passed over.
    public var isProfileExplicit = false
    /// Endpoints that replace AWS's own, by service.
    public var endpoints: [AWSService: String]
    /// Attempts per call, the first included.
    public var maxAttempts: Int
    /// `AWS_CA_BUNDLE`.
    public var caBundle: String?
    /// FIPS endpoints.
    public var useFIPS: Bool
    /// Dual-stack endpoints.
    public var useDualStack: Bool
    /// How the metadata service of an EC2 instance is reached.
    public var metadata = MetadataSettings()
    /// Both shared files.
    public var shared = SharedConfig()
    /// Where each value came from, one line per value, for `--debug`: `region us-east-2 (AWS_REGION)`.
    public var origins: [String] = []
    /// Endpoints of the sign-in services that replace AWS's own.
    var signInEndpoints: [EndpointService: String] = [:]

    /// Settings from their parts.
    public init(
        region: String, profile: String? = nil, endpoints: [AWSService: String] = [:], maxAttempts: Int = 3,
        caBundle: String? = nil, useFIPS: Bool = false, useDualStack: Bool = false
    ) {
        self.region = region
        self.profile = profile
        self.endpoints = endpoints
        self.maxAttempts = maxAttempts
        self.caBundle = caBundle
        self.useFIPS = useFIPS
        self.useDualStack = useDualStack
    }
}

/// How the metadata service of an EC2 instance is reached.
public struct MetadataSettings: Sendable, Equatable {
    /// `AWS_EC2_METADATA_DISABLED`.
    public var isDisabled = false
    /// Scheme, host and port.
    public var endpoint = "http://169.254.169.254"
    /// Seconds for each request.
    public var timeout = 1.0
    /// Attempts per request.
    public var attempts = 1

    /// AWS's own values: one second, one attempt, IPv4.
    public init() {}
}
