import Dispatch
import Foundation
import Synchronization

/// Ctrl-C in two stages: the first asks the run to stop, the second stops it at once.
public enum Interruption {
    /// Runs some work that the first SIGINT or SIGTERM cancels.
    /// - Parameter said: told at once when the first one comes.
    /// - Throws: what the work throws; `CancellationError` whatever it throws after a signal.
    public static func run<Value: Sendable>(
        said: @escaping @Sendable () -> Void, _ work: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        let task = Task { try await work() }
        let count = Mutex(0)
        let sources = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler {
                let isFirst = count.withLock { count in
                    count += 1
                    return count == 1
                }
                guard isFirst else {
                    RawTerminal.restore()
                    _exit(ExitCode.interrupted.rawValue)
                }
                said()
                task.cancel()
            }
            source.resume()
            return source
        }
        defer { for source in sources { source.cancel() } }
        do {
            return try await task.value
        } catch {
            if count.withLock({ $0 > 0 }) { throw CancellationError() }
            throw error
        }
    }
}
