import Foundation
import Glibc
import Synchronization

/// What a program left behind.
public struct ProcessOutput: Sendable {
    /// The exit status, or 128 and the signal's number.
    public var status: Int
    /// What it wrote to standard output.
    public var output: [UInt8]
    /// What it wrote to standard error; empty where that went to ours.
    public var errors: [UInt8]

    /// An output from its parts.
    public init(status: Int, output: [UInt8], errors: [UInt8] = []) {
        self.status = status
        self.output = output
        self.errors = errors
    }
}

/// A program that runs beside ours.
///
/// Foundation's `Process` is not used: its children inherit the signal mask of the thread that starts them, and Swift's task
/// threads block nearly every signal, so that neither SIGTERM nor Ctrl-C would end them.
public final class ChildProcess: Sendable {
    /// Nil once it has ended: its number may then belong to another process.
    private let id: Mutex<pid_t?>
    private let output: Int32
    private let errors: UnlinkedFile?

    /// Runs a program without a shell and collects its standard output.
    ///
    /// Its standard error goes to ours: it may hold a secret, so it is not kept, yet it tells the user why the program fails.
    /// Standard input is empty. When the task is cancelled the program is asked to end.
    /// - Throws: `ConfigurationError` if there is no such program or it cannot be run, `CancellationError`.
    public static let run: CredentialContext.ProcessRunner = { words, environment in
        try await start(words, environment, input: nil, errors: nil)
    }

    /// The same with something on its standard input, and with its standard error kept apart.
    public static func run(
        _ words: [String], environment: [String: String], input: [UInt8]
    ) async throws -> ProcessOutput {
        try await start(words, environment, input: try UnlinkedFile(holding: input), errors: try UnlinkedFile())
    }

    private static func start(
        _ words: [String], _ environment: [String: String], input: UnlinkedFile?, errors: UnlinkedFile?
    ) async throws -> ProcessOutput {
        guard let name = words.first, let program = find(name, path: environment["PATH"] ?? "") else {
            throw ConfigurationError("there is no program \(words.first ?? "\"\"")", exitClass: .credentials)
        }
        let child = try ChildProcess(program, words, environment, input: input, errors: errors)
        let result = await withTaskCancellationHandler {
            await child.result()
        } onCancel: {
            child.terminate()
        }
        try Task.checkCancellation()
        return result
    }

    /// Becomes the program: it takes this process's place, streams and terminal, and its end is ours.
    /// - Throws: `ConfigurationError` if it cannot be run.
    public static func become(_ words: [String], environment: [String: String]) throws -> Never {
        guard let name = words.first, let program = find(name, path: environment["PATH"] ?? "") else {
            throw ConfigurationError("there is no program \(words.first ?? "\"\"")")
        }
        // What is ignored or blocked here would be so there.
        for number in [SIGINT, SIGTERM, SIGPIPE] { signal(number, SIG_DFL) }
        var none = sigset_t()
        sigemptyset(&none)
        pthread_sigmask(SIG_SETMASK, &none, nil)
        _ = execve(program, strings(words), strings(environment.map { "\($0)=\($1)" }))
        throw failure(program, errno)
    }

    /// The program's path: as given where it has a slash, else the first along `PATH`.
    public static func find(_ name: String, path: String) -> String? {
        let candidates = name.contains("/") ? [name] : path.split(separator: ":").map { "\($0)/\(name)" }
        return candidates.first { access($0, X_OK) == 0 }
    }

    private init(
        _ program: String, _ words: [String], _ environment: [String: String], input: UnlinkedFile?,
        errors: UnlinkedFile?
    ) throws {
        let started = try Self.oneAtATime.withLock { _ in
            try Self.spawn(program, words, environment, input: input, errors: errors)
        }
        id = Mutex(started.id)
        output = started.output
        self.errors = errors
    }

    /// Between the making of a pipe and its mark "not for children" no other child may start: it would hold the pipe open.
    private static let oneAtATime = Mutex(())

    private static func spawn(
        _ program: String, _ words: [String], _ environment: [String: String], input: UnlinkedFile?,
        errors: UnlinkedFile?
    ) throws -> (id: pid_t, output: Int32) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw failure(program, errno) }
        defer { close(ends[1]) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        if let input {
            posix_spawn_file_actions_adddup2(&actions, input.descriptor, 0)
        } else {
            posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        }
        if let errors { posix_spawn_file_actions_adddup2(&actions, errors.descriptor, 2) }
        posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        resetSignals(&attributes)
        let arguments = strings(words)
        let variables = strings(environment.map { "\($0)=\($1)" })
        defer { for string in arguments + variables { free(string) } }
        var child: pid_t = 0
        let code = posix_spawn(&child, program, &actions, &attributes, arguments, variables)
        guard code == 0 else {
            close(ends[0])
            throw failure(program, code)
        }
        return (child, ends[0])
    }

    /// Waits on a thread of its own: a blocking read must not hold one of Swift's few task threads.
    private func result() async -> ProcessOutput {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                let bytes = (try? FileHandle(fileDescriptor: self.output, closeOnDealloc: true).readToEnd()) ?? Data()
                let status = self.reap()
                let errors = self.errors?.contents() ?? []
                continuation.resume(
                    returning: ProcessOutput(status: status, output: [UInt8](bytes), errors: errors))
            }
        }
    }

    private func terminate() {
        id.withLock { id in
            if let id { _ = kill(id, SIGTERM) }
        }
    }

    private func reap() -> Int {
        guard let child = id.withLock({ $0 }) else { return 0 }
        // Waits without reaping first, so that `terminate` never meets a number that is already someone else's.
        var info = siginfo_t()
        while waitid(P_PID, id_t(child), &info, WEXITED | WNOWAIT) != 0, errno == EINTR {}
        var status: Int32 = 0
        id.withLock {
            waitpid(child, &status, 0)
            $0 = nil
        }
        let signal = status & 0x7F
        return signal == 0 ? Int((status >> 8) & 0xFF) : 128 + Int(signal)
    }

    private static func resetSignals(_ attributes: inout posix_spawnattr_t) {
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        var all = sigset_t()
        sigfillset(&all)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
    }

    private static func strings(_ texts: [String]) -> [UnsafeMutablePointer<CChar>?] {
        texts.map { strdup($0) } + [nil]
    }

    private static func failure(_ program: String, _ code: Int32) -> ConfigurationError {
        ConfigurationError(
            "\(program) cannot be run: \(String(cString: strerror(code)))", exitClass: .credentials)
    }
}
