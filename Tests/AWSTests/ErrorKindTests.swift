import Testing

@testable import AWS

/// The class of every code that the engine acts upon; the status decides only where the code says nothing.
@Suite struct ErrorKindTests {
    @Test(arguments: [
        ("RequestLimitExceeded", 503, AWSError.Kind.throttled), ("Throttling", 400, .throttled),
        ("ThrottlingException", 400, .throttled), ("EC2ThrottledException", 503, .throttled),
        ("BandwidthLimitExceeded", 503, .throttled), ("LimitExceededException", 400, .throttled),
        ("InsufficientInstanceCapacity", 500, .capacity), ("UnfulfillableCapacity", 500, .capacity),
        ("VcpuLimitExceeded", 400, .quota), ("VpcLimitExceeded", 400, .quota), ("InstanceLimitExceeded", 400, .quota),
        ("MaxSpotInstanceCountExceeded", 400, .quota), ("LimitExceeded", 409, .quota),
        ("UnauthorizedOperation", 403, .permission), ("AccessDenied", 403, .permission),
        ("AccessDeniedException", 400, .permission), ("AuthFailure", 401, .credentials),
        ("ExpiredToken", 400, .credentials), ("RequestExpired", 400, .credentials),
        ("SignatureDoesNotMatch", 403, .credentials), ("UnrecognizedClientException", 400, .credentials),
        ("InvalidVpcID.NotFound", 400, .notYetVisible), ("InvalidGroup.NotFound", 400, .notYetVisible),
        ("NoSuchEntity", 404, .notYetVisible), ("InvalidAMIID.Unavailable", 400, .notYetVisible),
        ("InternalError", 500, .transient), ("Unavailable", 503, .transient),
        ("ServiceUnavailable", 503, .transient), ("RequestTimeout", 400, .transient), ("HTTP502", 502, .transient),
        ("Anything", 500, .transient), ("Anything", 400, .other), ("DependencyViolation", 400, .other),
        ("InvalidParameterValue", 400, .other), ("IdempotentParameterMismatch", 400, .other),
        ("DryRunOperation", 412, .other), ("HTTP307", 307, .other),
    ])
    func followsFromTheCode(code: String, status: Int, kind: AWSError.Kind) {
        #expect(AWSError.Kind(code: code, status: status) == kind)
        let error = AWSError(service: .ec2, action: "A", code: code, message: "", requestID: nil, status: status)
        #expect(error.kind == kind)
    }
}
