/// The places where keys can be, in the order in which AWS's tools look
/// (botocore/credentials.py `create_credential_resolver`; https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html).
public struct CredentialChain: Sendable {
    /// What a place holds.
    enum Finding: Sendable {
        case found(Credentials)
        /// Nothing, and why, for the list of places that were tried; nil where the profile does not mention the place.
        case absent(String?)
    }

    typealias Profile = SharedConfig.Profile

    let settings: Settings
    let context: CredentialContext

    /// A chain for one run.
    public init(settings: Settings, context: CredentialContext) {
        self.settings = settings
        self.context = context
    }

    /// The first keys there are.
    /// - Throws: `ConfigurationError` of class credentials when there are none, or when a place is set up and does not work;
    ///   `AWSError`, `HTTPError`.
    public func find() async throws -> Credentials {
        var tried: [String] = []
        let profile = profile(named: settings.profile ?? "default")
        for place in [fromEnvironment, { try await fromAssumedRole(profile) }] + places(of: profile) + machine {
            switch try await place() {
            case .found(let credentials): return credentials
            case .absent(let reason): tried += reason.map { [$0] } ?? []
            }
        }
        let shared = settings.shared
        tried.insert(
            shared.profiles[profile.name] == nil
                ? "profile \(profile.name): neither in \(shared.configFile) nor in \(shared.credentialsFile)"
                : "profile \(profile.name): no keys, role, IAM Identity Center account or credential_process", at: 1)
        throw noCredentials(tried)
    }

    typealias Place = @Sendable () async throws -> Finding

    /// Places that a profile names, apart from roles; those of a source profile too.
    func places(of profile: Profile, usesEnvironment: Bool? = nil) -> [Place] {
        let usesEnvironment = usesEnvironment ?? !settings.isProfileExplicit
        return [
            { try await fromWebIdentity(profile, usesEnvironment: usesEnvironment) },
            { try await fromSSO(profile) },
            { try staticKeys(profile, profile.credentials) },
            { try refuseLoginSession(profile) },
            { try await fromProcess(profile) },
            { try staticKeys(profile, profile.config) },
        ]
    }

    /// Places that the machine offers by itself.
    private var machine: [Place] {
        [fromContainer, fromInstance]
    }

    func profile(named name: String) -> Profile { settings.shared.profiles[name] ?? Profile(name: name) }

    private func noCredentials(_ tried: [String]) -> ConfigurationError {
        let name = settings.profile ?? Settings.ownProfile
        return ConfigurationError(
            "there are no AWS credentials",
            cause: (["looked in"] + tried).joined(separator: "\n    "),
            fix: """
                one of these
                    aws configure --profile \(name)
                    aws configure sso --profile \(name)
                    export AWS_ACCESS_KEY_ID=... AWS_SECRET_ACCESS_KEY=...
                """, exitClass: .credentials)
    }
}
