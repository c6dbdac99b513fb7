import Foundation

extension CredentialChain {
    /// The keys that the profile's `credential_process` prints
    /// (https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html).
    func fromProcess(_ profile: Profile) async throws -> Finding {
        guard let command = profile["credential_process"] else {
            return .absent(nil)
        }
        guard let words = ShellWords.split(command.text), let program = words.first else {
            throw invalid(
                command, "credential_process of profile \(profile.name) has an open quote or is empty",
                fix: "the command is split at spaces; put quotes around words that have spaces")
        }
        let output = try await run(words, command)
        guard output.status == 0 else {
            throw invalid(
                command,
                "credential_process of profile \(profile.name) failed: \(program) ended with status \(output.status)",
                fix: "run it by itself to see what it says")
        }
        return .found(try unexpired(keys(in: output.output, command, profile, program: program)))
    }

    private func run(_ words: [String], _ command: SharedConfig.Setting) async throws -> ProcessOutput {
        do {
            return try await context.run(words, context.environment)
        } catch let error as ConfigurationError {
            throw invalid(command, error.summary, fix: "give the program's full path in credential_process")
        }
    }

    private struct Printed: Decodable {
        var version: Int?
        var accessKeyID: String?
        var secretAccessKey: String?
        var sessionToken: String?
        var expiration: String?

        enum CodingKeys: String, CodingKey {
            case version = "Version", accessKeyID = "AccessKeyId", secretAccessKey = "SecretAccessKey"
            case sessionToken = "SessionToken", expiration = "Expiration"
        }
    }

    private func keys(
        in output: [UInt8], _ command: SharedConfig.Setting, _ profile: Profile, program: String
    ) throws -> Credentials {
        // What was printed may hold a secret even when it cannot be read, so no message repeats it.
        func wrong(_ what: String) -> ConfigurationError {
            invalid(
                command, "credential_process of profile \(profile.name) printed \(what)",
                fix: "it has to print JSON with Version 1, AccessKeyId and SecretAccessKey")
        }
        guard let printed = try? JSONDecoder().decode(Printed.self, from: Data(output)) else {
            throw wrong("something that is not the JSON asked for")
        }
        guard let version = printed.version else { throw wrong("no Version") }
        guard version == 1 else { throw wrong("Version \(version), which is not known") }
        guard let id = printed.accessKeyID, let secret = printed.secretAccessKey, !id.isEmpty, !secret.isEmpty else {
            throw wrong("no AccessKeyId or no SecretAccessKey")
        }
        let expiration = printed.expiration.map(Timestamp.seconds)
        if let expiration, expiration == nil { throw wrong("an Expiration that is not a time") }
        return Credentials(
            accessKeyID: id, secretAccessKey: secret, sessionToken: printed.sessionToken,
            expiration: expiration ?? nil, source: "profile \(profile.name) (credential_process \(program))",
            renewal: "see that \(program) gives out keys that still hold")
    }
}
