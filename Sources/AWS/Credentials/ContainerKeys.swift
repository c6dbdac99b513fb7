import Foundation
import HTTP

extension CredentialChain {
    /// The keys that the container's agent gives out
    /// (https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html).
    @Sendable func fromContainer() async throws -> Finding {
        guard let url = try containerURL() else {
            return .absent("container: AWS_CONTAINER_CREDENTIALS_RELATIVE_URI is not set")
        }
        var headers = [(name: "Accept", value: "application/json")]
        if let token = try containerToken() { headers.append(("Authorization", token)) }
        let request = HTTPRequest(
            .get, url, headers: headers, timeouts: .init(connect: 2, total: 2), usesProxy: false)
        return .found(try unexpired(try await containerKeys(request)))
    }

    private static let agent = "169.254.170.2"

    /// The address to ask; nil where none is set.
    func containerURL() throws -> String? {
        if let path = context.environment.value("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI") {
            guard path.hasPrefix("/") else {
                throw containerError("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI does not begin with /")
            }
            return "http://\(Self.agent)\(path)"
        }
        let variable = "AWS_CONTAINER_CREDENTIALS_FULL_URI"
        guard let url = context.environment.value(variable) else { return nil }
        guard Self.mayReceiveToken(url) else {
            throw containerError(
                "\(variable) is neither https nor one of the hosts that may be asked without: loopback, "
                    + "\(Self.agent), 169.254.170.23, fd00:ec2::23")
        }
        return url
    }

    /// The request carries a token, so it goes over TLS, stays on this machine, or goes to AWS's own agents.
    static func mayReceiveToken(_ url: String) -> Bool {
        // A backslash or a user part is read in different ways by different parsers.
        guard !url.contains(where: { $0 == "\\" || $0.isWhitespace }), let parts = URLComponents(string: url),
            parts.user == nil, parts.password == nil, let named = parts.host, !named.isEmpty
        else { return false }
        if parts.scheme == "https" { return true }
        let host = named.hasPrefix("[") ? String(named.dropFirst().dropLast()) : named
        return parts.scheme == "http"
            && (["localhost", "::1", agent, "169.254.170.23", "fd00:ec2::23"].contains(host) || isLoopback(host))
    }

    /// True for 127.0.0.0/8 in dotted form.
    private static func isLoopback(_ host: String) -> Bool {
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }

    private func containerToken() throws -> String? {
        let name = "AWS_CONTAINER_AUTHORIZATION_TOKEN"
        var token = context.environment.value(name)
        if let file = context.environment.value("\(name)_FILE") {
            guard let bytes = try Files.read(file) else {
                throw containerError("\(name)_FILE names a file that is not there: \(file)")
            }
            token = String(decoding: bytes, as: UTF8.self)
        }
        if let token, token.contains(where: \.isNewline) {
            throw containerError("the container's authorization token has a line break in it")
        }
        return token
    }

    private func containerKeys(_ request: HTTPRequest) async throws -> Credentials {
        var failure = "no answer"
        for attempt in 1...3 {
            if attempt > 1 { try await context.pause(1) }
            do {
                let response = try await context.http.send(request)
                if response.status == 200, let keys = ServiceKeys(response.body) {
                    return keys.credentials(source: "container")
                }
                failure = response.status == 200 ? "an answer without keys" : "status \(response.status)"
            } catch let error as HTTPError {
                failure = error.message
            }
        }
        throw containerError("the container's agent gave out no keys: \(failure)")
    }

    private func containerError(_ summary: String) -> ConfigurationError {
        ConfigurationError(
            summary, fix: "correct the variable, or unset it to use other credentials", exitClass: .credentials)
    }
}

/// The JSON in which the container's agent and the metadata service give out keys.
struct ServiceKeys: Decodable {
    private var accessKeyID: String
    private var secretAccessKey: String
    private var token: String
    private var expiration: String

    private enum CodingKeys: String, CodingKey {
        case accessKeyID = "AccessKeyId", secretAccessKey = "SecretAccessKey", token = "Token"
        case expiration = "Expiration"
    }

    /// Nil for an answer that is not keys.
    init?(_ body: [UInt8]) {
        guard let keys = try? JSONDecoder().decode(ServiceKeys.self, from: Data(body)),
            Timestamp.seconds(keys.expiration) != nil
        else { return nil }
        self = keys
    }

    func credentials(source: String) -> Credentials {
        Credentials(
            accessKeyID: accessKeyID, secretAccessKey: secretAccessKey, sessionToken: token,
            expiration: Timestamp.seconds(expiration), source: source)
    }
}
