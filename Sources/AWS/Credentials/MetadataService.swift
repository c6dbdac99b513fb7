import HTTP

/// The metadata service of an EC2 instance, version 2 only: version 1 hands keys to anyone who can make the machine fetch an
/// address (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html).
struct MetadataService: Sendable {
    let settings: MetadataSettings
    let http: any HTTPSending

    /// What a path holds; nil where there is no such path (404).
    /// - Throws: `Unavailable` with the reason.
    func get(_ path: String, token: String) async throws -> [UInt8]? {
        let response = try await send(.get, path, header: ("X-aws-ec2-metadata-token", token))
        if response.status == 404 { return nil }
        guard response.status == 200 else { throw Unavailable(reason: "it answers with status \(response.status)") }
        return response.body
    }

    /// A token for further questions, good for six hours.
    func token() async throws -> String {
        let response = try await send(
            .put, "latest/api/token", header: ("X-aws-ec2-metadata-token-ttl-seconds", "21600"))
        let token = String(decoding: response.body, as: UTF8.self)
        guard response.status == 200, !token.isEmpty else {
            throw Unavailable(reason: "it gives out no token (status \(response.status))")
        }
        return token
    }

    /// The region of the instance.
    func region() async throws -> String? {
        try await get("latest/meta-data/placement/region", token: token()).map { String(decoding: $0, as: UTF8.self) }
    }

    /// The service cannot be used here; not an error by itself.
    struct Unavailable: Error {
        var reason: String
    }

    private func send(
        _ method: HTTPRequest.Method, _ path: String, header: (name: String, value: String)
    ) async throws -> HTTPResponse {
        if settings.isDisabled { throw Unavailable(reason: "AWS_EC2_METADATA_DISABLED is true") }
        let request = HTTPRequest(
            method, "\(settings.endpoint)/\(path)", headers: [header],
            timeouts: .init(connect: settings.timeout, total: settings.timeout), usesProxy: false)
        var failure = "no answer"
        for _ in 0..<settings.attempts {
            do {
                let response = try await http.send(request)
                if response.status < 500 { return response }
                failure = "it answers with status \(response.status)"
            } catch is HTTPError {
                failure = "no answer from \(settings.endpoint)"
            }
        }
        throw Unavailable(reason: failure)
    }
}

extension CredentialChain {
    /// The keys of the role that the EC2 instance has.
    @Sendable func fromInstance() async throws -> Finding {
        let service = MetadataService(settings: settings.metadata, http: context.http)
        let path = "latest/meta-data/iam/security-credentials/"
        do {
            let token = try await service.token()
            guard let list = try await service.get(path, token: token),
                let role = String(decoding: list, as: UTF8.self).split(whereSeparator: \.isNewline).first
            else { return .absent("EC2 metadata service: this instance has no role") }
            guard let body = try await service.get(path + role, token: token), let keys = ServiceKeys(body) else {
                return .absent("EC2 metadata service: no keys for the role \(role)")
            }
            return .found(try unexpired(keys.credentials(source: "EC2 instance role \(role)")))
        } catch let error as MetadataService.Unavailable {
            return .absent("EC2 metadata service: \(error.reason)")
        }
    }
}
