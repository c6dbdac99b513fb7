import Foundation

extension Settings {
    /// The profile that is taken, where there is one, when none is named.
    static let ownProfile = "blockchain-nodes"

    /// Settings from a flag, else the environment, else the profile, else AWS's default.
    ///
    /// The profile is the one named by `profile` (the flag), `AWS_PROFILE` or `AWS_DEFAULT_PROFILE`; else `blockchain-nodes` if
    /// there is such a profile, else `default`. The region is `region` (the flag), `AWS_REGION`, `AWS_DEFAULT_REGION`, or the
    /// profile's.
    /// - Parameter home: the user's home directory, where `.aws` is looked for.
    /// - Throws: `ConfigurationError`.
    public static func load(
        environment: [String: String], profile: String?, region: String?, home: String
    ) throws -> Settings {
        let settings = try loadWithoutRegion(environment: environment, profile: profile, region: region, home: home)
        guard !settings.region.isEmpty else { throw noRegion(settings.profile) }
        return settings
    }

    /// As `load`, but the region stays empty where none is set.
    static func loadWithoutRegion(
        environment: [String: String], profile: String?, region: String?, home: String
    ) throws -> Settings {
        let shared = try SharedConfig(environment: environment, home: home)
        let choice = try choose(profile: profile, environment: environment, shared: shared)
        var source = SettingsSource(
            environment: environment, shared: shared, profile: choice.flatMap { shared.profiles[$0.text] })
        if let choice { source.note("profile", choice) }
        var settings = Settings(region: try Self.region(flag: region, source: &source), profile: choice?.text)
        settings.isProfileExplicit = profile != nil
        settings.shared = shared
        settings.useFIPS = try source.bool("use_fips_endpoint")
        settings.useDualStack = try source.bool("use_dualstack_endpoint")
        settings.caBundle = try caBundle(&source, home: home)
        settings.maxAttempts = try maxAttempts(&source)
        settings.metadata = try metadata(&source)
        try settings.take(source.configuredEndpoints())
        try settings.refuseFIPSWhereThereIsNone()
        settings.origins = source.origins
        return settings
    }

    /// The error for a region that is nowhere to be found.
    static func noRegion(_ profile: String?) -> ConfigurationError {
        ConfigurationError(
            "no region is set",
            fix: """
                one of these
                    --region us-east-2, after the command
                    export AWS_REGION=us-east-2
                    aws configure set region us-east-2 --profile \(profile ?? ownProfile)
                """)
    }

    /// Checks a region's form before it becomes part of a host name.
    static func validated(_ region: SettingsSource.Value) throws -> String {
        if Region.isValid(region.text) { return region.text }
        let guess = Region.regionOfZone(region.text)
        throw region.error(
            "\"\(region.text)\" is not a region",
            fix: guess.map { "\(region.text) is an availability zone; its region is \($0)" }
                ?? "write it like us-east-2; comments stand on lines of their own")
    }

    private static func choose(
        profile flag: String?, environment: [String: String], shared: SharedConfig
    ) throws -> SettingsSource.Value? {
        let named =
            flag.map { SettingsSource.Value($0, origin: "--profile") }
            ?? ["AWS_PROFILE", "AWS_DEFAULT_PROFILE"].lazy.compactMap { name in
                environment.value(name).map { SettingsSource.Value($0, origin: name) }
            }.first
        if let named {
            guard shared.profiles[named.text] != nil else { throw noProfile(named, shared) }
            return named
        }
        return [ownProfile, "default"].first { shared.profiles[$0] != nil }.map {
            SettingsSource.Value($0, origin: "found in the shared files")
        }
    }

    private static func noProfile(_ named: SettingsSource.Value, _ shared: SharedConfig) -> ConfigurationError {
        let names = shared.profileNames
        let make = "aws configure --profile \(named.text)"
        return ConfigurationError(
            "there is no profile \"\(named.text)\" (\(named.origin)) in \(shared.configFile) or \(shared.credentialsFile)",
            cause: names.isEmpty ? nil : "the profiles are \(names.joined(separator: ", "))",
            fix: Spelling.nearest(to: named.text, in: names).map { "did you mean \($0)? Else \(make)" } ?? make)
    }

    private static func region(flag: String?, source: inout SettingsSource) throws -> String {
        let found =
            flag.map { SettingsSource.Value($0, origin: "--region") }
            ?? source.value(["AWS_REGION", "AWS_DEFAULT_REGION"], key: "region")
        guard let found else { return "" }
        source.note("region", found)
        return try validated(found)
    }

    private mutating func take(_ configured: [EndpointService: String]) {
        for service in AWSService.allCases { endpoints[service] = configured[EndpointService(service)] }
        signInEndpoints = configured.filter { $0.key == .sso || $0.key == .ssoOIDC }
    }

    private func refuseFIPSWhereThereIsNone() throws {
        guard useFIPS, !region.isEmpty, !Partition.of(region: region).hasFIPS else { return }
        throw ConfigurationError(
            "FIPS endpoints are asked for, and \(region) has none",
            fix: "unset AWS_USE_FIPS_ENDPOINT and use_fips_endpoint, or choose a region in the USA or Canada")
    }
}
