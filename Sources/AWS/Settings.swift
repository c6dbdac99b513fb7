/// What a run of the tool talks to, as environment and shared configuration say.
public struct Settings: Sendable {
    /// The region, such as `us-east-2`.
    public var region: String
    /// The profile in use; nil where keys come from elsewhere.
    public var profile: String?
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
