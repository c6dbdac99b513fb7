import Foundation

extension SettingsSource {
    /// Endpoints that replace AWS's own. For each service the first of: `AWS_ENDPOINT_URL_<SERVICE>`, `AWS_ENDPOINT_URL`,
    /// the profile's `services` section, the profile's `endpoint_url`
    /// (https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html).
    mutating func configuredEndpoints() throws -> [EndpointService: String] {
        if try bool("ignore_configured_endpoint_urls") { return [:] }
        let services = try servicesSection()
        var endpoints: [EndpointService: String] = [:]
        for service in EndpointService.allCases {
            let ofService = services?[service.rawValue]?.nested["endpoint_url"]
            let found =
                value([service.variable, "AWS_ENDPOINT_URL"], key: nil) ?? ofService.map { Value($0) }
                ?? value([], key: "endpoint_url")
            guard let found, !found.text.isEmpty else { continue }
            endpoints[service] = try Self.checked(found)
            note("endpoint of \(service.rawValue)", found)
        }
        return endpoints
    }

    private func servicesSection() throws -> SharedConfig.Settings? {
        guard let name = profile?["services"] else { return nil }
        if let section = shared.services[name.text] { return section }
        throw Value(name).error(
            "there is no section [services \(name.text)]",
            fix: "add it to \(shared.configFile), or delete this line")
    }

    /// The address without a trailing slash, if it is only scheme, host and port.
    static func checked(_ value: Value) throws -> String {
        var text = value.text
        while text.hasSuffix("/") { text.removeLast() }
        guard isEndpoint(text) else {
            throw value.error(
                "not an address of the form http(s)://host[:port]",
                fix: "write it like https://ec2.us-east-2.amazonaws.com or http://127.0.0.1:5000, without a path")
        }
        return text
    }

    /// True for `http(s)://host[:port]`: no user (it would be a secret in a log), no path, no query.
    static func isEndpoint(_ text: String) -> Bool {
        guard let parts = URLComponents(string: text), ["http", "https"].contains(parts.scheme),
            let host = parts.host, !host.isEmpty, parts.user == nil, parts.password == nil, parts.path.isEmpty,
            parts.query == nil, parts.fragment == nil
        else { return false }
        return parts.port.map { (1...65535).contains($0) } ?? true
    }
}
