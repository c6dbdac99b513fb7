import Foundation

/// The process's own stdin, stdout and stderr.
enum StandardStreams {
    /// Where talk goes.
    static let error = STDERR_FILENO

    /// Data. Whoever reads it may have seen enough, as `head` has: then the run ends without a word.
    @Sendable static func writeOut(_ text: String) {
        guard let failure = write(text, STDOUT_FILENO) else { return }
        if failure == EPIPE { _exit(ExitCode.success.rawValue) }
        let cause = String(cString: strerror(failure))
        writeError(Diagnostic("stdout cannot be written to", cause: cause, exitCode: .failure).text + "\n")
        _exit(ExitCode.failure.rawValue)
    }

    /// Talk. The work goes on where nobody listens.
    @Sendable static func writeError(_ text: String) { _ = write(text, STDERR_FILENO) }

    /// A line from a person; nil at the end of the input, and as soon as the task is cancelled: Ctrl-C has to end a
    /// question at once. Nothing is read beyond the line, so the next question finds its answer.
    @Sendable static func readLine() -> String? {
        var line: [UInt8] = []
        while !Task.isCancelled {
            guard wait(for: STDIN_FILENO, Int16(POLLIN), milliseconds: 100) else { continue }
            var byte: UInt8 = 0
            let count = read(STDIN_FILENO, &byte, 1)
            if count < 0, errno == EINTR || errno == EAGAIN { continue }
            if count <= 0, line.isEmpty { return nil }
            if count <= 0 || byte == UInt8(ascii: "\n") { return String(decoding: line, as: UTF8.self) }
            line.append(byte)
        }
        return nil
    }

    /// What was typed on a terminal that gives every key at once; nothing when the time has passed.
    /// - Returns: nil at the end of the input.
    @Sendable static func readKeys(milliseconds: Int32) -> [UInt8]? {
        guard wait(for: STDIN_FILENO, Int16(POLLIN), milliseconds: milliseconds) else { return [] }
        var bytes = [UInt8](repeating: 0, count: 1_024)
        let count = read(STDIN_FILENO, &bytes, bytes.count)
        if count < 0, errno == EINTR || errno == EAGAIN { return [] }
        return count > 0 ? Array(bytes.prefix(count)) : nil
    }

    /// - Returns: the error, nil when all was written.
    private static func write(_ text: String, _ descriptor: Int32) -> Int32? {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
            if written >= 0 {
                rest = rest.dropFirst(written)
            } else if errno == EAGAIN {
                _ = wait(for: descriptor, Int16(POLLOUT), milliseconds: 100)
            } else if errno != EINTR {
                return errno
            }
        }
        return nil
    }

    private static func wait(for descriptor: Int32, _ events: Int16, milliseconds: Int32) -> Bool {
        var one = pollfd(fd: descriptor, events: events, revents: 0)
        return poll(&one, 1, milliseconds) > 0
    }
}
