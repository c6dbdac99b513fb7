import Foundation

/// Looks values up in the environment and then in the profile, and keeps in mind where each came from.
struct SettingsSource {
    /// A value and where it came from: `--region`, `AWS_REGION`, `~/.aws/config:3`.
    struct Value {
        var text: String
        var origin: String
        var file: String?
        var line: Int?

        init(_ text: String, origin: String) {
            self.text = text
            self.origin = origin
        }

        init(_ setting: SharedConfig.Setting) {
            text = setting.text
            origin = setting.place
            file = setting.file
            line = setting.line
        }

        /// An error about this value; names the variable, or file and line.
        func error(_ summary: String, fix: String) -> ConfigurationError {
            let what = file == nil ? "\(origin): \(summary)" : summary
            return ConfigurationError(what, fix: fix, file: file, line: line)
        }
    }

    let environment: [String: String]
    let shared: SharedConfig
    let profile: SharedConfig.Profile?
    /// See `Settings.origins`.
    private(set) var origins: [String] = []

    init(environment: [String: String], shared: SharedConfig, profile: SharedConfig.Profile?) {
        self.environment = environment
        self.shared = shared
        self.profile = profile
    }

    /// A value from the first variable that is set, else from the profile.
    func value(_ variables: [String], key: String?) -> Value? {
        for name in variables {
            if let text = environment.value(name) { return Value(text, origin: name) }
        }
        guard let key, let setting = profile?[key], !setting.text.isEmpty else { return nil }
        return Value(setting)
    }

    /// `AWS_USE_FIPS_ENDPOINT` and its like: the variable is the key in capitals.
    mutating func bool(_ key: String, variable: String? = nil) throws -> Bool {
        guard let value = value([variable ?? "AWS_\(key.uppercased())"], key: key) else { return false }
        guard let isOn = ["true": true, "false": false][value.text.lowercased()] else {
            throw value.error("\(key) is neither true nor false: \(value.text)", fix: "write true or false")
        }
        note(key, value)
        return isOn
    }

    /// A whole number from 1.
    mutating func count(_ key: String, variable: String? = nil) throws -> Int? {
        guard let value = value([variable ?? "AWS_\(key.uppercased())"], key: key) else { return nil }
        guard let number = Int(value.text), number >= 1 else {
            throw value.error("\(key) is not a whole number from 1 up: \(value.text)", fix: "write a number such as 3")
        }
        note(key, value)
        return number
    }

    /// Remembers where a value came from, and what it was taken for where that is something else.
    mutating func note(_ name: String, _ value: Value, taken: String? = nil) {
        let isOther = taken != nil && taken != value.text.lowercased()
        origins.append("\(name) \(value.text) (\(value.origin))" + (isOther ? ", taken for \(taken ?? "")" : ""))
    }
}
