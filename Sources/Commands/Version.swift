import AWS
import CommandLineKit
import HTTP

/// `cloudrails version`
struct VersionCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "version",
        abstract: "Print the versions of cloudrails and of what it is built on.",
        examples: [.init("cloudrails version", "Print the versions.")])

    @OptionGroup var global: GlobalOptions

    func run(_ context: Context) async throws {
        let versions = Version.Report(
            cloudrails: Version.cloudrails, swift: Version.swift, libcurl: CurlVersion.full, openssl: Digest.library)
        try context.emit(versions) {
            "cloudrails \(versions.cloudrails)\nSwift \(versions.swift)\n\(versions.libcurl)\n\(versions.openssl)"
        }
    }
}

/// The versions.
enum Version {
    static let cloudrails = "0.1.0"

    /// The compiler's, as far as the language tells.
    static var swift: String {
        #if compiler(>=6.4)
            "6.4 or later"
        #elseif compiler(>=6.3)
            "6.3"
        #elseif compiler(>=6.2)
            "6.2"
        #else
            "6.1"
        #endif
    }

    /// What `version --json` prints.
    struct Report: Codable {
        var cloudrails: String
        var swift: String
        var libcurl: String
        var openssl: String
    }
}
