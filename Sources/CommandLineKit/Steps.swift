import Foundation
import Synchronization

/// The steps of a run: a live list where a person looks, plain lines elsewhere. Safe to use from many tasks at once.
public final class Steps: Sendable {
    private struct Step {
        var id: String
        var title: String
        var detail = ""
        var began: ContinuousClock.Instant
    }

    private struct State {
        var running: [Step] = []
        var drawn = 0
        var frame = 0
        var ticker: Task<Void, Never>?
    }

    private let state = Mutex(State())
    private let terminal: Terminal
    private let isQuiet: Bool
    private let write: Context.Writer
    private static let frames = Array("⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏")
    /// What has left the top of the window cannot be drawn again.
    private static let mostLines = 12

    /// A list that is drawn on a stream.
    init(terminal: Terminal, isQuiet: Bool, write: @escaping Context.Writer) {
        self.terminal = terminal
        self.isQuiet = isQuiet
        self.write = write
    }

    /// A step begins.
    public func begin(_ id: String, _ title: String) {
        guard !isQuiet else { return }
        state.withLock { state in
            state.running.append(Step(id: id, title: title, began: .now))
            if terminal.isLive {
                show("", &state)
                if state.ticker == nil { state.ticker = ticker() }
            }
        }
    }

    /// How far a step is.
    public func update(_ id: String, _ detail: String) {
        guard !isQuiet else { return }
        state.withLock { state in
            guard let index = state.running.firstIndex(where: { $0.id == id }) else { return }
            let isNews = state.running[index].detail != detail
            state.running[index].detail = detail
            if terminal.isLive {
                show("", &state)
            } else if isNews {
                write("- \(state.running[index].title): \(detail)\n")
            }
        }
    }

    /// A step ends.
    public func finish(_ id: String, _ detail: String, succeeded: Bool = true) {
        guard !isQuiet else { return }
        state.withLock { state in
            guard let index = state.running.firstIndex(where: { $0.id == id }) else { return }
            let step = state.running.remove(at: index)
            let time = Style.dim.apply("(\(Self.seconds(since: step.began)))", terminal)
            let what = detail.isEmpty ? step.title : "\(step.title): \(detail)"
            show("\(mark(succeeded)) \(what) \(time)\n", &state)
            if state.running.isEmpty { stopTicker(&state) }
        }
    }

    /// Says something between the steps.
    public func say(_ text: String) { state.withLock { show(text + "\n", &$0) } }

    /// Takes the live list away.
    public func stop() {
        state.withLock { state in
            state.running.removeAll()
            show("", &state)
            stopTicker(&state)
        }
    }

    private func mark(_ succeeded: Bool) -> String {
        guard terminal.isLive else { return succeeded ? "+" : "!" }
        return succeeded ? Style.green.apply("✓", terminal) : Style.red.apply("✗", terminal)
    }

    private func stopTicker(_ state: inout State) {
        state.ticker?.cancel()
        state.ticker = nil
    }

    private func ticker() -> Task<Void, Never> {
        Task { [self] in
            while !Task.isCancelled {
                try? await Task.sleep(for: .milliseconds(100))
                state.withLock { state in
                    state.frame += 1
                    show("", &state)
                }
            }
        }
    }

    /// Writes lasting text above the live list, and the list again: in one go, so that nothing flickers.
    private func show(_ text: String, _ state: inout State) {
        guard terminal.isLive else { return text.isEmpty ? () : write(text) }
        let output = erasing(state) + text + drawing(&state)
        if !output.isEmpty { write(output) }
    }

    private func erasing(_ state: State) -> String {
        state.drawn > 0 ? "\u{1B}[\(state.drawn)A\r\u{1B}[J" : ""
    }

    private func drawing(_ state: inout State) -> String {
        let spinner = String(Self.frames[state.frame % Self.frames.count])
        var lines = state.running.prefix(Self.mostLines).map { step in
            let what = step.detail.isEmpty ? step.title : "\(step.title): \(step.detail)"
            return "\(spinner) \(what) (\(Self.seconds(since: step.began)))"
        }
        let hidden = state.running.count - lines.count
        if hidden > 0 { lines.append("  and \(hidden) more") }
        state.drawn = lines.count
        return lines.map { $0.prefix(max(terminal.width - 1, 10)) + "\n" }.joined()
    }

    private static func seconds(since start: ContinuousClock.Instant) -> String {
        let tenths = Int((ContinuousClock.now - start) / .milliseconds(100))
        return tenths < 600 ? "\(tenths / 10).\(tenths % 10) s" : "\(tenths / 600) min \(tenths / 10 % 60) s"
    }
}
