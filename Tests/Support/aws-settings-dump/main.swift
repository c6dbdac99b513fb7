// Prints, as JSON, what the tool finds in the environment and the shared files. Only for tests: it prints secrets.
//
//     aws-settings-dump settings|credentials [profile]
import AWS
import Foundation
import HTTP

let environment = ProcessInfo.processInfo.environment
let home = environment["HOME"] ?? ""
let words = CommandLine.arguments.dropFirst()
let profile = words.dropFirst().first

func plain(_ settings: SharedConfig.Settings) -> [String: Any] {
    settings.mapValues { $0.nested.isEmpty ? $0.text as Any : $0.nested.mapValues(\.text) }
}

func settingsReport() throws -> [String: Any] {
    let settings = try Settings.load(environment: environment, profile: profile, region: nil, home: home)
    return [
        "profile": settings.profile ?? "", "region": settings.region, "max_attempts": settings.maxAttempts,
        "use_fips_endpoint": settings.useFIPS, "use_dualstack_endpoint": settings.useDualStack,
        "configured_endpoints": Dictionary(uniqueKeysWithValues: settings.endpoints.map { ($0.rawValue, $1) }),
        "endpoints": Dictionary(
            uniqueKeysWithValues: AWSService.allCases.map { service in
                let endpoint = settings.endpoint(for: service)
                return (service.rawValue, [endpoint.url, endpoint.signingRegion])
            }),
        "profiles": settings.shared.profiles.mapValues {
            plain($0.config.merging($0.credentials) { _, credentials in credentials })
        },
        "sso_sessions": settings.shared.ssoSessions.mapValues(plain),
        "services": settings.shared.services.mapValues(plain),
    ]
}

func credentialsReport() async throws -> [String: Any] {
    let settings = try Settings.load(environment: environment, profile: profile, region: nil, home: home)
    let http = HTTPClient(.init(caBundle: settings.caBundle, userAgent: "aws-settings-dump"))
    let context = CredentialContext(environment: environment, home: home, settings: settings, http: http, prompt: nil)
    let found = try await RefreshingCredentials(CredentialChain(settings: settings, context: context)).credentials()
    return [
        "access_key": found.accessKeyID, "secret_key": found.secretAccessKey, "token": found.sessionToken ?? "",
        "source": found.source,
    ]
}

func report() async -> [String: Any] {
    do {
        return try words.first == "credentials" ? await credentialsReport() : settingsReport()
    } catch let error as ConfigurationError {
        return ["error": error.summary, "file": error.file ?? "", "line": error.line ?? 0, "fix": error.fix ?? ""]
    } catch {
        return ["error": "\(error)"]
    }
}

let data = try JSONSerialization.data(withJSONObject: await report(), options: [.sortedKeys])
print(String(decoding: data, as: UTF8.self))
