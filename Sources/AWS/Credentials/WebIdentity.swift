extension CredentialChain {
    /// The keys of a role that is taken with a token in a file, as in Kubernetes or in a build service.
    func fromWebIdentity(_ profile: Profile, usesEnvironment: Bool) async throws -> Finding {
        let source = SettingsSource(
            environment: usesEnvironment ? context.environment : [:], shared: settings.shared, profile: profile)
        guard let file = source.value(["AWS_WEB_IDENTITY_TOKEN_FILE"], key: "web_identity_token_file") else {
            return .absent("web identity: AWS_WEB_IDENTITY_TOKEN_FILE is not set")
        }
        guard let role = source.value(["AWS_ROLE_ARN"], key: "role_arn") else {
            throw file.error("a web identity token is given without a role", fix: "set AWS_ROLE_ARN or role_arn too")
                .asCredentials
        }
        let name = source.value(["AWS_ROLE_SESSION_NAME"], key: "role_session_name")
        let request = RoleRequest(roleARN: role.text, sessionName: sessionName(name?.text))
        let keys: IssuedKeys
        do {
            keys = try await context.tokens.assumeRole(request, webIdentityToken: try token(file))
        } catch let error as AWSError {
            let id = error.requestID.map { " (request id \($0))" } ?? ""
            throw role.error(
                "the role \(role.text) cannot be taken with the web identity token: \(error.code): \(error.message)\(id)",
                fix: "check the role's trust policy and that the token in \(file.text) is fresh"
            ).asCredentials
        }
        return .found(
            Credentials(
                accessKeyID: keys.accessKeyID, secretAccessKey: keys.secretAccessKey, sessionToken: keys.sessionToken,
                expiration: keys.expiration, source: "web identity (role \(role.text))"))
    }

    private func token(_ file: SettingsSource.Value) throws -> String {
        let path = Files.expand(file.text, home: context.home)
        let token = try Files.read(path).map { String(decoding: $0, as: UTF8.self).trimmed } ?? ""
        if !token.isEmpty { return token }
        throw file.error("the token file \(path) is missing or empty", fix: "check the path").asCredentials
    }
}

extension ConfigurationError {
    /// The same error with the exit status of missing credentials.
    var asCredentials: ConfigurationError {
        var error = self
        error.exitClass = .credentials
        return error
    }
}
