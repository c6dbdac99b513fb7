import CommandLineKit
import Engine
import Foundation

/// The accounts whose images the user trusts: a setting of this user on this machine, as known_hosts is, and no state of AWS.
enum TrustedOwners {
    /// One account's id a line.
    static func path(_ context: Context) -> String { "\(ConfigurationFolder.path(context))/trusted-image-owners" }

    /// Reads the list; empty where there is none.
    /// - Throws: `Problem` where a line is no account's id: nobody knows then whom the user trusts.
    static func read(_ context: Context) throws -> [String] {
        let path = path(context)
        guard FileManager.default.fileExists(atPath: path) else { return [] }
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(whereSeparator: \.isNewline)
        for (number, line) in lines.enumerated() where AccountID(argument: String(line)) == nil {
            throw Problem(
                "'\(line)' is no account's id", cause: "in line \(number + 1) of \(path)", fix: "correct that line",
                kind: .usage)
        }
        return lines.map(String.init)
    }

    /// Writes the list.
    static func write(_ accounts: [String], _ context: Context) throws {
        let path = path(context)
        try FileManager.default.createDirectory(
            atPath: ConfigurationFolder.path(context), withIntermediateDirectories: true)
        let lines = accounts.map { $0 + "\n" }.joined()
        try lines.write(toFile: path, atomically: true, encoding: .utf8)
    }
}
