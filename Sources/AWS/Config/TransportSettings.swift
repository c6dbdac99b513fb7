import Foundation

/// How calls travel: certificates, attempts, and the metadata service.
extension Settings {
    static func caBundle(_ source: inout SettingsSource, home: String) throws -> String? {
        guard let value = source.value(["AWS_CA_BUNDLE"], key: "ca_bundle") else { return nil }
        let path = Files.expand(value.text, home: home)
        guard FileManager.default.isReadableFile(atPath: path) else {
            throw value.error(
                "the file of certificate authorities cannot be read: \(path)",
                fix: "give the path of a PEM file, or remove the setting to use the system's authorities")
        }
        source.note("ca_bundle", value)
        return path
    }

    /// `standard` is the one retry mode there is: what tells `legacy` and `adaptive` from it matters to programs that make
    /// far more calls than this one.
    static func maxAttempts(_ source: inout SettingsSource) throws -> Int {
        if let mode = source.value(["AWS_RETRY_MODE"], key: "retry_mode") {
            guard ["standard", "legacy", "adaptive"].contains(mode.text.lowercased()) else {
                throw mode.error("there is no retry mode \"\(mode.text)\"", fix: "use standard")
            }
            source.note("retry_mode", mode, taken: "standard")
        }
        return try source.count("max_attempts") ?? 3
    }

    static func metadata(_ source: inout SettingsSource) throws -> MetadataSettings {
        var settings = MetadataSettings()
        settings.isDisabled = source.environment["AWS_EC2_METADATA_DISABLED"]?.lowercased() == "true"
        settings.attempts =
            try source.count("metadata_service_num_attempts", variable: "AWS_METADATA_SERVICE_NUM_ATTEMPTS") ?? 1
        settings.timeout = Double(
            try source.count("metadata_service_timeout", variable: "AWS_METADATA_SERVICE_TIMEOUT") ?? 1)
        if let mode = source.value(
            ["AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE"], key: "ec2_metadata_service_endpoint_mode")
        {
            guard ["ipv4", "ipv6"].contains(mode.text.lowercased()) else {
                throw mode.error("neither IPv4 nor IPv6: \(mode.text)", fix: "write IPv4 or IPv6")
            }
            if mode.text.lowercased() == "ipv6" { settings.endpoint = "http://[fd00:ec2::254]" }
        }
        if let endpoint = source.value(["AWS_EC2_METADATA_SERVICE_ENDPOINT"], key: "ec2_metadata_service_endpoint") {
            settings.endpoint = try SettingsSource.checked(endpoint)
            source.note("metadata service", endpoint)
        }
        return settings
    }
}
