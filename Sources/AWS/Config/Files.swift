import Foundation

/// Reads small files whose absence is normal.
enum Files {
    /// The file's bytes, or nil where there is no such file.
    /// - Throws: `ConfigurationError` naming a file that is there and cannot be read.
    static func read(_ path: String) throws -> [UInt8]? {
        do {
            return try [UInt8](Data(contentsOf: URL(fileURLWithPath: path)))
        } catch let error as CocoaError where error.code == .fileReadNoSuchFile || error.code == .fileNoSuchFile {
            return nil
        } catch {
            throw ConfigurationError("the file cannot be read: \(reason(error, path))", fix: fix(path), file: path)
        }
    }

    /// A path with a leading `~` replaced.
    static func expand(_ path: String, home: String) -> String {
        if path == "~" { return home }
        return path.hasPrefix("~/") ? home + path.dropFirst() : path
    }

    private static func reason(_ error: any Error, _ path: String) -> String {
        var isDirectory: ObjCBool = false
        if FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory), isDirectory.boolValue {
            return "it is a directory"
        }
        switch (error as? CocoaError)?.code {
        case .fileReadNoPermission: return "permission denied"
        case .fileReadInvalidFileName: return "its name is not valid"
        default: return "\(error.localizedDescription)"
        }
    }

    private static func fix(_ path: String) -> String { "Look at it with: ls -ld \(path)" }
}
