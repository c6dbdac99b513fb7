extension CredentialChain {
    /// `AWS_ACCESS_KEY_ID` and its companions. An explicit `--profile` passes them over; `AWS_PROFILE` does not.
    @Sendable func fromEnvironment() throws -> Finding {
        if settings.isProfileExplicit { return .absent("environment: passed over because of --profile") }
        return try environmentKeys()
    }

    /// The keys in the environment, whatever the profile (`credential_source = Environment`).
    func environmentKeys() throws -> Finding {
        let environment = context.environment
        let id = environment.value("AWS_ACCESS_KEY_ID")
        let secret = environment.value("AWS_SECRET_ACCESS_KEY")
        if id == nil, secret == nil { return .absent("environment: AWS_ACCESS_KEY_ID is not set") }
        guard let id, let secret else {
            let names = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"]
            let (there, missing) = id == nil ? (names[1], names[0]) : (names[0], names[1])
            throw ConfigurationError(
                "\(there) is set but \(missing) is not", fix: "export both, or unset \(there)",
                exitClass: .credentials)
        }
        let credentials = Credentials(
            accessKeyID: id, secretAccessKey: secret,
            sessionToken: environment.value("AWS_SESSION_TOKEN") ?? environment.value("AWS_SECURITY_TOKEN"),
            expiration: try expiration(), source: "environment variables",
            renewal: "export new AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, or unset them")
        return .found(try unexpired(credentials))
    }

    /// `aws_access_key_id` and its companions in one of the two files.
    func staticKeys(_ profile: Profile, _ section: SharedConfig.Settings) throws -> Finding {
        let id = section["aws_access_key_id"]
        let secret = section["aws_secret_access_key"]
        guard let some = id ?? secret else { return .absent(nil) }
        guard let id, let secret, !id.text.isEmpty, !secret.text.isEmpty else {
            let missing = (id?.text ?? "").isEmpty ? "aws_access_key_id" : "aws_secret_access_key"
            throw ConfigurationError(
                "profile \(profile.name) has only one half of its keys: \(missing) is missing or empty",
                fix: "aws configure --profile \(profile.name)", file: some.file, line: some.line,
                exitClass: .credentials)
        }
        return .found(
            Credentials(
                accessKeyID: id.text, secretAccessKey: secret.text,
                sessionToken: section["aws_session_token"]?.text ?? section["aws_security_token"]?.text,
                source: "profile \(profile.name) (\(id.file))",
                renewal: "put new keys into profile \(profile.name): aws configure --profile \(profile.name)"))
    }

    /// `aws login` keeps its keys in a form of its own, which is not read here.
    func refuseLoginSession(_ profile: Profile) throws -> Finding {
        guard let session = profile["login_session"] else {
            return .absent(nil)
        }
        throw ConfigurationError(
            "profile \(profile.name) signs in with `aws login` (login_session), which is not supported",
            fix: """
                one of these
                    eval "$(aws configure export-credentials --profile \(profile.name) --format env)"
                    aws configure sso --profile \(profile.name)-sso
                """, file: session.file, line: session.line, exitClass: .credentials)
    }

    /// The credentials, unless they have ended.
    func unexpired(_ credentials: Credentials) throws -> Credentials {
        guard let expiration = credentials.expiration, expiration <= context.now() else { return credentials }
        throw credentials.expired
    }

    private func expiration() throws -> Double? {
        guard let text = context.environment.value("AWS_CREDENTIAL_EXPIRATION") else { return nil }
        guard let seconds = Timestamp.seconds(text) else {
            throw ConfigurationError(
                "AWS_CREDENTIAL_EXPIRATION is not a time: \(text)",
                fix: "write it like 2026-01-31T12:00:00Z, or unset it",
                exitClass: .credentials)
        }
        return seconds
    }
}
