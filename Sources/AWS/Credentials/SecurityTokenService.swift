import HTTP

/// The Security Token Service itself, in the settings' region.
struct SecurityTokenService: TokenService {
    let settings: Settings
    let http: HTTPClient

    func assumeRole(_ request: RoleRequest, with credentials: Credentials) async throws -> IssuedKeys {
        let client = AWSClient(settings: settings, credentials: FixedCredentials(value: credentials), http: http)
        return try await IssuedKeys(
            client.call(
                AssumeRole(
                    roleARN: request.roleARN, roleSessionName: request.sessionName,
                    durationSeconds: request.durationSeconds, externalID: request.externalID,
                    serialNumber: request.mfa?.serialNumber, tokenCode: request.mfa?.code)))
    }

    func assumeRole(_ request: RoleRequest, webIdentityToken: String) async throws -> IssuedKeys {
        let operation = AssumeRoleWithWebIdentity(
            roleARN: request.roleARN, roleSessionName: request.sessionName, webIdentityToken: webIdentityToken)
        for attempt in 1...max(1, settings.maxAttempts) {
            do {
                return try IssuedKeys(AssumeRoleWithWebIdentity.output(from: await answer(to: operation)))
            } catch let error as AWSError where Self.passes(error.kind) && attempt < settings.maxAttempts {
                try await Task.sleep(for: .seconds(.random(in: 0...Double(attempt))))
            } catch let error as HTTPError where error.neverSent && attempt < settings.maxAttempts {
                try await Task.sleep(for: .seconds(.random(in: 0...Double(attempt))))
            }
        }
        throw CancellationError()
    }

    private static func passes(_ kind: AWSError.Kind) -> Bool { kind == .throttled || kind == .transient }

    /// Sends the call without a signature: the token in it is all that STS wants, and there are no keys yet.
    private func answer(to operation: AssumeRoleWithWebIdentity) async throws -> [UInt8] {
        typealias Operation = AssumeRoleWithWebIdentity
        guard case .form(let form) = operation.body() else { return [] }
        let response = try await http.send(
            HTTPRequest(
                .post, settings.endpoint(for: .sts).url + "/",
                headers: [("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")],
                body: form.encoded(action: Operation.action, version: Operation.service.apiVersion)))
        if response.status < 300 { return response.body }
        let body = ErrorBody(response.body, status: response.status)
        throw AWSError(
            service: .sts, action: Operation.action, code: body.code, message: body.message, requestID: body.requestID,
            status: response.status)
    }
}

/// Keys that are there already.
private struct FixedCredentials: CredentialProviding {
    let value: Credentials

    func credentials() async throws -> Credentials { value }
}

extension IssuedKeys {
    fileprivate init(_ keys: TemporaryCredentials) throws {
        guard let expiration = Timestamp.seconds(keys.expiration) else {
            throw ConfigurationError("STS says no readable time at which the keys end", exitClass: .credentials)
        }
        self.init(
            accessKeyID: keys.accessKeyID, secretAccessKey: keys.secretAccessKey, sessionToken: keys.sessionToken,
            expiration: expiration)
    }
}
