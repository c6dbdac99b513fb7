public import HTTP

/// What happened in one attempt at a call; what `--debug` prints. Holds no secret.
public struct CallRecord: Sendable {
    /// The service that was asked.
    public var service: AWSService
    /// The action's name.
    public var action: String
    /// The region that was signed for.
    public var region: String
    /// 1 for the first attempt.
    public var attempt: Int
    /// Seconds from sending to the whole answer.
    public var seconds: Double
    /// The HTTP status; nil when no answer came.
    public var status: Int?
    /// AWS's request id.
    public var requestID: String?
    /// AWS's error code, or libcurl's words.
    public var failure: String?
}

/// Calls AWS: signs, sends, reads, and repeats what may be repeated.
public final class AWSClient: AWSCalling {
    /// The region and endpoints in use.
    public let settings: Settings
    private let credentials: any CredentialProviding
    private let http: HTTPClient
    private let retry: RetryPolicy
    private let quota = RetryQuota()
    private let observe: @Sendable (CallRecord) -> Void

    /// A client over one HTTP client; `observe` sees every attempt.
    public init(
        settings: Settings, credentials: any CredentialProviding, http: HTTPClient,
        observe: @escaping @Sendable (CallRecord) -> Void = { _ in }
    ) {
        self.settings = settings
        self.credentials = credentials
        self.http = http
        self.observe = observe
        retry = RetryPolicy(maxAttempts: settings.maxAttempts)
    }

    /// Makes one call.
    public func call<Operation: AWSOperation>(
        _ operation: Operation, region: String?
    ) async throws -> Operation.Output {
        var cost = 0
        for attempt in 1... {
            do {
                let body = try await attemptOnce(operation, region: region, attempt: attempt)
                let output = try Operation.output(from: body)
                await quota.refund(max(cost, 1))
                return output
            } catch let error where error is AWSError || error is HTTPError || error is MalformedAnswer {
                let decision = retry.decide(
                    Self.failure(error), Operation.repeatability, attempt: attempt, random: .random(in: 0...1))
                switch decision {
                case .retry(let pause, let price):
                    guard await quota.take(price) else { throw error }
                    cost = price
                    try await Task.sleep(for: .seconds(pause))
                case .unknown: throw OutcomeUnknown(action: Operation.action, cause: error)
                case .fail: throw error
                }
            }
        }
        throw CancellationError()
    }

    private static func failure(_ error: any Error) -> RetryPolicy.Failure {
        let timedOut = 28
        if let error = error as? HTTPError {
            let isTimeout = error.code == timedOut
            // What is wrong with the request or with the certificate will be wrong the next time.
            if [1, 2, 3, 60, 77].contains(error.code) { return .final }
            return error.neverSent ? .neverSent(isTimeout: isTimeout) : .ambiguous(isTimeout: isTimeout)
        }
        // An answer that was cut short: the call took effect.
        if error is MalformedAnswer { return .ambiguous(isTimeout: false) }
        switch (error as? AWSError)?.kind {
        case .throttled: return .throttled
        case .transient: return .ambiguous(isTimeout: false)
        default: return .final
        }
    }

    private func attemptOnce<Operation: AWSOperation>(
        _ operation: Operation, region: String?, attempt: Int
    ) async throws -> [UInt8] {
        let endpoint = settings.endpoint(for: Operation.service, region: region)
        let request = try Self.request(operation, endpoint)
        let keys = Operation.isSigned ? try await credentials.credentials().signingKeys : nil
        var record = CallRecord(
            service: Operation.service, action: Operation.action, region: endpoint.signingRegion, attempt: attempt,
            seconds: 0)
        let start = ContinuousClock.now
        do {
            let response = try await http.send(request, keys: keys)
            record.seconds = Self.seconds(since: start)
            record.status = response.status
            record.requestID = response.header("x-amzn-requestid") ?? response.header("x-amz-request-id")
            guard response.status < 300 else { throw Self.error(Operation.self, response, &record) }
            observe(record)
            return response.body
        } catch {
            record.seconds = Self.seconds(since: start)
            record.failure = (error as? AWSError)?.code ?? (error as? HTTPError)?.message ?? "\(error)"
            observe(record)
            throw error
        }
    }

    private static func request<Operation: AWSOperation>(
        _ operation: Operation, _ endpoint: Endpoint
    ) throws -> SignedRequest {
        let contentType: String
        let target: String?
        let bytes: [UInt8]
        switch operation.body() {
        case .form(let form):
            contentType = "application/x-www-form-urlencoded; charset=utf-8"
            target = nil
            bytes = form.encoded(action: Operation.action, version: Operation.service.apiVersion)
        case .json(let json):
            contentType = "application/x-amz-json-1.1"
            target = "AmazonSSM.\(Operation.action)"
            bytes = json
        }
        return try SignedRequest(
            endpoint: endpoint.url, service: endpoint.signingName, region: endpoint.signingRegion,
            contentType: contentType, target: target, body: bytes,
            mayBeRepeated: Operation.repeatability != .never)
    }

    private static func error<Operation: AWSOperation>(
        _: Operation.Type, _ response: HTTPResponse, _ record: inout CallRecord
    ) -> AWSError {
        let body = ErrorBody(response.body, status: response.status)
        record.requestID = body.requestID ?? record.requestID
        var error = AWSError(
            service: Operation.service, action: Operation.action, code: body.code, message: body.message,
            requestID: record.requestID, status: response.status)
        if error.kind == .credentials, let skew = response.header("Date").flatMap(ClockSkew.seconds), abs(skew) > 120 {
            error.message += " (this machine's clock is \(abs(skew)) s \(skew > 0 ? "ahead" : "behind"))"
        }
        return error
    }

    private static func seconds(since start: ContinuousClock.Instant) -> Double {
        let parts = (ContinuousClock.now - start).components
        return Double(parts.seconds) + Double(parts.attoseconds) * 1e-18
    }
}

extension AWSService {
    /// The version of the service's API, from its service model.
    var apiVersion: String {
        switch self {
        case .ec2: "2016-11-15"
        case .iam: "2010-05-08"
        case .sts: "2011-06-15"
        case .ssm: "2014-11-06"
        }
    }
}

extension Credentials {
    /// What signs.
    var signingKeys: SigningKeys {
        SigningKeys(accessKeyID: accessKeyID, secretAccessKey: secretAccessKey, sessionToken: sessionToken)
    }
}

/// How far this machine's clock is from AWS's: a signature holds for five minutes.
enum ClockSkew {
    /// Seconds by which this machine is ahead of an answer's `Date`, `Tue, 24 Nov 2026 10:00:00 GMT`.
    static func seconds(_ date: String) -> Int? {
        HTTPDate.seconds(date).map { Int(Timestamp.now()) - $0 }
    }
}
