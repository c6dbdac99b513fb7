extension CredentialChain {
    /// The keys of the profile's `role_arn`, got with those of `source_profile` or `credential_source`.
    /// A role with a `web_identity_token_file` is not for this place.
    func fromAssumedRole(_ profile: Profile, visited: [String] = []) async throws -> Finding {
        guard let role = profile["role_arn"], profile["web_identity_token_file"] == nil else {
            return .absent(nil)
        }
        let visited = visited + [profile.name]
        let source = try await sourceCredentials(of: profile, role: role, visited: visited)
        let request = try await roleRequest(role, profile)
        let keys: IssuedKeys
        do {
            keys = try await context.tokens.assumeRole(request, with: source)
        } catch let error as AWSError {
            throw refused(error, role: role, profile: profile, by: source.source)
        }
        return .found(credentials(keys, role: role, profile: profile))
    }

    func roleRequest(_ role: SharedConfig.Setting, _ profile: Profile) async throws -> RoleRequest {
        RoleRequest(
            roleARN: role.text, sessionName: sessionName(profile["role_session_name"]?.text),
            durationSeconds: try duration(profile), externalID: profile["external_id"]?.text,
            mfa: try await mfaCode(profile))
    }

    /// The profile's name for the session, or one that says who was here and when.
    func sessionName(_ given: String?) -> String { given ?? "cloudrails-\(Int(context.now()))" }

    func refused(
        _ error: AWSError, role: SharedConfig.Setting, profile: Profile, by source: String
    ) -> ConfigurationError {
        let id = error.requestID.map { " (request id \($0))" } ?? ""
        return ConfigurationError(
            "profile \(profile.name) cannot take the role \(role.text): \(error.code): \(error.message)\(id)",
            fix: "check that the role's trust policy names the identity of \(source), and that this identity may call "
                + "sts:AssumeRole", file: role.file, line: role.line, exitClass: .credentials)
    }

    private func credentials(_ keys: IssuedKeys, role: SharedConfig.Setting, profile: Profile) -> Credentials {
        Credentials(
            accessKeyID: keys.accessKeyID, secretAccessKey: keys.secretAccessKey, sessionToken: keys.sessionToken,
            expiration: keys.expiration, source: "profile \(profile.name) (role \(role.text))")
    }

    private func sourceCredentials(
        of profile: Profile, role: SharedConfig.Setting, visited: [String]
    ) async throws -> Credentials {
        switch (profile["source_profile"], profile["credential_source"]) {
        case (let name?, nil):
            return try await credentials(ofSource: name, of: profile, visited: visited)
        case (nil, let source?):
            return try await credentials(fromNamed: source, of: profile)
        case (_?, let source?):
            throw invalid(
                source, "profile \(profile.name) has both source_profile and credential_source",
                fix: "delete one of them")
        case (nil, nil):
            throw invalid(
                role, "profile \(profile.name) has a role_arn, but neither source_profile nor credential_source",
                fix: "add source_profile with the name of a profile that has keys")
        }
    }

    private func credentials(fromNamed source: SharedConfig.Setting, of profile: Profile) async throws -> Credentials {
        let finding: Finding
        switch source.text.lowercased() {
        case "environment": finding = try environmentKeys()
        case "ec2instancemetadata": finding = try await fromInstance()
        case "ecscontainer": finding = try await fromContainer()
        default:
            throw invalid(
                source, "credential_source of profile \(profile.name) is \"\(source.text)\"",
                fix: "write Environment, Ec2InstanceMetadata or EcsContainer")
        }
        switch finding {
        case .found(let credentials): return credentials
        case .absent(let reason):
            throw invalid(
                source,
                "profile \(profile.name) takes its keys from \(source.text), which has none: \(reason ?? "nothing")",
                fix: "run the command where they are, or use source_profile")
        }
    }

    private func credentials(
        ofSource name: SharedConfig.Setting, of profile: Profile, visited: [String]
    ) async throws -> Credentials {
        guard let source = settings.shared.profiles[name.text] else {
            throw invalid(
                name, "source_profile of profile \(profile.name) is \"\(name.text)\", and there is no such profile",
                fix: "name one of these: \(settings.shared.profileNames.joined(separator: ", "))")
        }
        let hasKeys = source["aws_access_key_id"] != nil || source["aws_secret_access_key"] != nil
        // A profile may name itself: then its own keys take its own role.
        if visited.contains(source.name), source.name != profile.name || !hasKeys {
            throw invalid(
                name, "source_profile goes round in a circle: \((visited + [source.name]).joined(separator: " -> "))",
                fix: "let the last profile of the row have keys of its own")
        }
        if !hasKeys, case .found(let credentials) = try await fromAssumedRole(source, visited: visited) {
            return credentials
        }
        for place in places(of: source, usesEnvironment: false) {
            if case .found(let credentials) = try await place() { return credentials }
        }
        throw invalid(
            name, "profile \(source.name), the source_profile of \(profile.name), has no credentials",
            fix: "set them with: aws configure --profile \(source.name)")
    }

    private func duration(_ profile: Profile) throws -> Int? {
        guard let setting = profile["duration_seconds"] else { return nil }
        guard let seconds = Int(setting.text), (900...43200).contains(seconds) else {
            throw invalid(
                setting, "duration_seconds of profile \(profile.name) is not a number from 900 to 43200",
                fix: "write 3600 for an hour")
        }
        return seconds
    }

    private func mfaCode(_ profile: Profile) async throws -> RoleRequest.MFACode? {
        guard let serial = profile["mfa_serial"] else { return nil }
        guard let prompt = context.prompt else {
            throw invalid(
                serial,
                "profile \(profile.name) needs a code from the MFA device \(serial.text), and there is no terminal to ask at",
                fix: "run the command in a terminal, or export keys that were got with MFA")
        }
        let code = try await prompt("MFA code for \(serial.text): ").trimmed
        guard code.count == 6, code.allSatisfy({ $0.isASCII && $0.isNumber }) else {
            throw ConfigurationError(
                "an MFA code has six digits", fix: "run the command again with the code that the device shows now",
                exitClass: .credentials)
        }
        return RoleRequest.MFACode(serialNumber: serial.text, code: code)
    }

    func invalid(_ setting: SharedConfig.Setting, _ summary: String, fix: String) -> ConfigurationError {
        ConfigurationError(summary, fix: fix, file: setting.file, line: setting.line, exitClass: .credentials)
    }
}
