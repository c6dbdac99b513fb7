extension AWSError.Kind {
    /// The class of a code. EC2 answers capacity errors and throttling alike with 5xx, so the status is asked last
    /// (https://docs.aws.amazon.com/ec2/latest/devguide/errors-overview.html).
    init(code: String, status: Int) {
        if Self.throttlingCodes.contains(code) {
            self = .throttled
        } else if Self.capacityCodes.contains(code) {
            self = .capacity
        } else if Self.quotaCodes.contains(code) || code.hasSuffix("LimitExceeded") {
            self = .quota
        } else if Self.permissionCodes.contains(code) {
            self = .permission
        } else if Self.credentialCodes.contains(code) {
            self = .credentials
        } else if code.hasSuffix(".NotFound") || code.hasSuffix(".Unknown") || Self.goneCodes.contains(code) {
            self = .notYetVisible
        } else if Self.transientCodes.contains(code) || status >= 500 {
            self = .transient
        } else {
            self = .other
        }
    }

    private static let throttlingCodes: Set = [
        "Throttling", "ThrottlingException", "ThrottledException", "RequestThrottled", "RequestThrottledException",
        "TooManyRequestsException", "RequestLimitExceeded", "BandwidthLimitExceeded", "SlowDown",
        "EC2ThrottledException",
        "PriorRequestNotComplete", "ProvisionedThroughputExceededException", "TransactionInProgressException",
        "LimitExceededException",
    ]
    private static let capacityCodes: Set = [
        "InsufficientInstanceCapacity", "InsufficientHostCapacity", "InsufficientReservedInstanceCapacity",
        "InsufficientCapacity", "InsufficientCapacityOnHost", "InsufficientAddressCapacity", "UnfulfillableCapacity",
    ]
    private static let quotaCodes: Set = ["LimitExceeded", "MaxSpotInstanceCountExceeded", "ResourceLimitExceeded"]
    private static let permissionCodes: Set = [
        "UnauthorizedOperation", "AccessDenied", "AccessDeniedException", "Client.UnauthorizedOperation", "Blocked",
    ]
    private static let credentialCodes: Set = [
        "AuthFailure", "ExpiredToken", "ExpiredTokenException", "RequestExpired", "InvalidClientTokenId",
        "UnrecognizedClientException", "SignatureDoesNotMatch", "MissingAuthenticationToken",
        "MissingAuthenticationTokenException", "InvalidAccessKeyId", "IncompleteSignature", "OptInRequired",
        "InvalidSignatureException", "PendingVerification",
    ]
    /// `InvalidAMIID.Unavailable` is an image that was deregistered.
    private static let goneCodes: Set = ["NoSuchEntity", "InvalidAMIID.Unavailable"]
    private static let transientCodes: Set = [
        "RequestTimeout", "RequestTimeoutException", "InternalError", "InternalFailure", "ServiceUnavailable",
        "Unavailable",
        "InternalServerError", "ServiceFailure",
    ]
}
