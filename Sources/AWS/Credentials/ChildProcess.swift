import Foundation
import Glibc

/// What a program left behind.
public struct ProcessOutput: Sendable {
    /// The exit status, or 128 and the signal's number.
    public var status: Int
    /// What it wrote to standard output.
    public var output: [UInt8]

    /// An output from its parts.
    public init(status: Int, output: [UInt8]) {
        self.status = status
        self.output = output
    }
}

/// Runs other programs.
public enum ChildProcess {
    /// Runs a program without a shell and collects its standard output.
    ///
    /// Its standard error goes to ours: it may hold a secret, so it is not kept, yet it tells the user why the program fails.
    /// Standard input is empty. When the task is cancelled the program is asked to end.
    /// - Throws: `ConfigurationError` if there is no such program.
    public static let run: CredentialContext.ProcessRunner = { words, environment in
        guard let name = words.first, let program = find(name, path: environment["PATH"] ?? "") else {
            throw ConfigurationError("there is no program \(words.first ?? "\"\"")", exitClass: .credentials)
        }
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = Array(words.dropFirst())
        process.environment = environment
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = pipe
        let ended = AsyncStream<Int>.makeStream()
        process.terminationHandler = { process in
            let status = Int(process.terminationStatus)
            ended.continuation.yield(process.terminationReason == .exit ? status : 128 + status)
            ended.continuation.finish()
        }
        try process.run()
        let id = process.processIdentifier
        return try await withTaskCancellationHandler {
            let output = await collect(pipe.fileHandleForReading)
            let status = await ended.stream.first { _ in true } ?? 0
            try Task.checkCancellation()
            return ProcessOutput(status: status, output: output)
        } onCancel: {
            _ = kill(id, SIGTERM)
        }
    }

    /// The program's path: as given where it has a slash, else the first along `PATH`.
    static func find(_ name: String, path: String) -> String? {
        let candidates = name.contains("/") ? [name] : path.split(separator: ":").map { "\($0)/\(name)" }
        return candidates.first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    /// Reads to the end on a thread of its own: a blocking read must not hold one of Swift's few task threads.
    private static func collect(_ file: FileHandle) async -> [UInt8] {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                let data = (try? file.readToEnd()) ?? Data()
                continuation.resume(returning: [UInt8](data))
            }
        }
    }
}
