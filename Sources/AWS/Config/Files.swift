import Glibc

/// Reads small files whose absence is normal.
enum Files {
    /// The file's bytes, or nil where there is no such file.
    /// - Throws: `ConfigurationError` naming a file that is there and cannot be read.
    static func read(_ path: String) throws -> [UInt8]? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        // A home directory such as /dev/null has no files in it either.
        if file < 0, errno == ENOENT || errno == ENOTDIR { return nil }
        guard file >= 0 else { throw unreadable(path, errno) }
        defer { close(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 16_384)
        while true {
            let count = Glibc.read(file, &buffer, buffer.count)
            if count == 0 { return bytes }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw unreadable(path, errno) }
            bytes += buffer[..<count]
        }
    }

    /// A path with a leading `~` replaced.
    static func expand(_ path: String, home: String) -> String {
        if path == "~" { return home }
        return path.hasPrefix("~/") ? home + path.dropFirst() : path
    }

    private static func unreadable(_ path: String, _ code: Int32) -> ConfigurationError {
        ConfigurationError(
            "the file cannot be read: \(String(cString: strerror(code)))", fix: "look at it with: ls -ld \(path)",
            file: path)
    }
}
