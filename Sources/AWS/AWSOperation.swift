/// The services that are called.
public enum AWSService: String, Sendable, CaseIterable {
    case ec2, iam, ssm, sts
}

/// What may be done when an answer was lost.
public enum Repeatability: Sendable {
    /// Reads, and calls that end in the same state however often they are made.
    case always
    /// The call carries a ClientToken: the same token makes the same thing once.
    case withToken
    /// A second call could make a second thing. Only the engine may decide, after it has looked.
    case never
}

/// One call to AWS: a value that knows its parameters and reads its answer.
public protocol AWSOperation: Sendable {
    /// What the answer is read into.
    associatedtype Output: Sendable
    /// The service that is asked.
    static var service: AWSService { get }
    /// The action's name in the service model, such as `DescribeVpcs`.
    static var action: String { get }
    /// What may be done when an answer was lost.
    static var repeatability: Repeatability { get }
    /// False for a call that goes out without a signature.
    static var isSigned: Bool { get }
    /// The request's body.
    func body() -> RequestBody
    /// Reads the answer of a call that succeeded.
    static func output(from body: [UInt8]) throws -> Output
}

extension AWSOperation {
    /// Almost every call is signed.
    public static var isSigned: Bool { true }
}

/// A call that changes something.
public protocol MutatingOperation: AWSOperation {
    /// The answer that stands in for AWS's in a plan (`--dry-run`): same shape, ids that say so.
    var planned: Output { get }
}

/// A body as the service's protocol wants it.
public enum RequestBody: Sendable {
    /// EC2, IAM and STS: a form with `Action` and `Version`.
    case form(QueryForm)
    /// SSM: JSON with `X-Amz-Target`.
    case json([UInt8])
}

/// Whatever can make calls: AWS itself, or a plan that only writes them down.
public protocol AWSCalling: Sendable {
    /// Makes one call, in another region than the settings' where one is given.
    /// - Throws: `AWSError`, `OutcomeUnknown`, `HTTPError`, `CancellationError`.
    func call<Operation: AWSOperation>(_ operation: Operation, region: String?) async throws -> Operation.Output
}

extension AWSCalling {
    /// Makes one call in the settings' region.
    public func call<Operation: AWSOperation>(_ operation: Operation) async throws -> Operation.Output {
        try await call(operation, region: nil)
    }
}
