/// The two files that AWS's tools share: `~/.aws/config` and `~/.aws/credentials`.
///
/// Read as botocore does (botocore/configloader.py `build_profile_map`, session.py `full_config`): `[default]` and
/// `[profile x]` in the one, `[x]` in the other, and for the same key the credentials file wins.
public struct SharedConfig: Sendable {
    /// One value and the place it was read from.
    package struct Setting: Sendable, Equatable {
        /// The value.
        package var text: String
        var file: String
        var line: Int
        /// An indented block's settings by key.
        package var nested: [String: Setting]

        /// `file:line`.
        var place: String { "\(file):\(line)" }
    }

    /// A section's settings by key.
    package typealias Settings = [String: Setting]

    /// What both files say of one profile.
    package struct Profile: Sendable {
        var name: String
        /// From the config file.
        package var config: Settings = [:]
        /// From the credentials file.
        package var credentials: Settings = [:]

        /// One setting; the credentials file wins.
        subscript(key: String) -> Setting? { credentials[key] ?? config[key] }
    }

    /// Profiles by name.
    package private(set) var profiles: [String: Profile] = [:]
    /// `[sso-session x]` by name.
    package private(set) var ssoSessions: [String: Settings] = [:]
    /// `[services x]` by name.
    package private(set) var services: [String: Settings] = [:]
    /// `AWS_CONFIG_FILE`, or `~/.aws/config`.
    let configFile: String
    /// `AWS_SHARED_CREDENTIALS_FILE`, or `~/.aws/credentials`.
    let credentialsFile: String

    /// Names of all profiles, sorted.
    public var profileNames: [String] { profiles.keys.sorted() }

    /// Files that are not there.
    public init() {
        configFile = "~/.aws/config"
        credentialsFile = "~/.aws/credentials"
    }

    /// Reads both files; either may be missing.
    /// - Throws: `ConfigurationError` naming file and line.
    public init(environment: [String: String], home: String) throws {
        func path(_ variable: String, _ name: String) -> String {
            environment.value(variable).map { Files.expand($0, home: home) } ?? "\(home)/.aws/\(name)"
        }
        configFile = path("AWS_CONFIG_FILE", "config")
        credentialsFile = path("AWS_SHARED_CREDENTIALS_FILE", "credentials")
        if let bytes = try Files.read(configFile) {
            try addConfig(INIFile(path: configFile, bytes: bytes))
        }
        if let bytes = try Files.read(credentialsFile) {
            try addCredentials(INIFile(path: credentialsFile, bytes: bytes))
        }
    }

    private mutating func addConfig(_ file: INIFile) {
        for section in file.sections {
            let settings = Self.settings(section.values, file: file.path)
            if section.name == "default" {
                profiles["default"] = Profile(name: "default", config: settings)
            } else if let name = Self.name(in: section.name, after: "profile") {
                profiles[name] = Profile(name: name, config: settings)
            } else if let name = Self.name(in: section.name, after: "sso-session") {
                ssoSessions[name] = settings
            } else if let name = Self.name(in: section.name, after: "services") {
                services[name] = settings
            }
        }
    }

    private mutating func addCredentials(_ file: INIFile) {
        for section in file.sections {
            profiles[section.name, default: Profile(name: section.name)].credentials = Self.settings(
                section.values, file: file.path)
        }
    }

    /// `x` of `profile x` or `profile "x"`; nil for another kind of section.
    private static func name(in header: String, after kind: String) -> String? {
        guard header.hasPrefix(kind), let words = ShellWords.split(header), words.count == 2 else { return nil }
        return words[1]
    }

    private static func settings(_ values: [String: INIFile.Value], file: String) -> Settings {
        values.mapValues {
            Setting(text: $0.text, file: file, line: $0.line, nested: settings($0.nested, file: file))
        }
    }
}

extension SharedConfig: CustomStringConvertible, CustomReflectable {
    /// The profiles' names; never a value, as it may be a secret.
    public var description: String { "profiles \(profileNames.joined(separator: ", "))" }

    /// As `description`: what `dump` and test reports print.
    public var customMirror: Mirror { Mirror(self, children: ["profiles": profileNames]) }
}

extension [String: String] {
    /// A variable's value; one that is set to nothing counts as not set.
    func value(_ name: String) -> String? {
        guard let value = self[name], !value.isEmpty else { return nil }
        return value
    }
}
