import Foundation

extension Settings {
    /// As `load`; on an EC2 instance where no region is set, the instance's own.
    /// - Parameters:
    ///   - isInstance: whether this machine is an EC2 instance; the metadata service is asked only there.
    ///   - http: made only if the metadata service is asked.
    /// - Throws: `ConfigurationError`, `CancellationError`.
    public static func load(
        environment: [String: String], profile: String?, region: String?, home: String,
        isInstance: Bool = Settings.isInstance(), http: () -> any HTTPSending
    ) async throws -> Settings {
        var settings = try loadWithoutRegion(environment: environment, profile: profile, region: region, home: home)
        if !settings.region.isEmpty { return settings }
        guard isInstance else { throw noRegion(settings.profile) }
        do {
            let found = try await MetadataService(settings: settings.metadata, http: http()).region()
            guard let found else { throw noRegion(settings.profile) }
            let value = SettingsSource.Value(found.trimmed, origin: "EC2 metadata service")
            settings.region = try validated(value)
            settings.origins.append("region \(value.text) (\(value.origin))")
            return settings
        } catch is MetadataService.Unavailable {
            throw noRegion(settings.profile)
        }
    }

    /// True where the firmware says that the machine is an EC2 instance; costs the reading of two small files
    /// (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/identify_ec2_instances.html).
    public static func isInstance() -> Bool {
        func text(_ path: String) -> String { (try? String(contentsOfFile: path, encoding: .utf8)) ?? "" }
        return text("/sys/devices/virtual/dmi/id/sys_vendor").hasPrefix("Amazon EC2")
            || text("/sys/hypervisor/uuid").lowercased().hasPrefix("ec2")
    }
}
