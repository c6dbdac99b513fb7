import Foundation

/// A file without a name: a child reads or writes it without anybody waiting at the other end, and it is gone with its last
/// user.
final class UnlinkedFile: Sendable {
    let descriptor: Int32

    /// A file that holds these bytes, to be read from its start.
    init(holding bytes: [UInt8] = []) throws {
        var path = Array("\(NSTemporaryDirectory())/cloudrails.XXXXXX".utf8CString)
        descriptor = mkstemp(&path)
        guard descriptor >= 0 else {
            throw ConfigurationError(
                "no file can be made in \(NSTemporaryDirectory()): \(String(cString: strerror(errno)))",
                fix: "see what TMPDIR says, and whether the disk is full")
        }
        unlink(path)
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: false)
        try file.write(contentsOf: Data(bytes))
        try file.seek(toOffset: 0)
    }

    deinit { close(descriptor) }

    /// Everything in it.
    func contents() -> [UInt8] {
        let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: false)
        guard (try? file.seek(toOffset: 0)) != nil else { return [] }
        return [UInt8]((try? file.readToEnd()) ?? Data())
    }
}
