import CommandLineKit
import Engine
import Synchronization

/// What a watch draws on a terminal again and again, in the same place.
struct WatchFrame {
    /// What it is for.
    let terminal: Terminal
    /// What was said since the last frame.
    let talk = Talk()
    private var drawn = 0

    init(_ terminal: Terminal) { self.terminal = terminal }

    /// What takes the last frame away and shows these lines, and below them what was said meanwhile.
    mutating func text(_ lines: [String]) -> String {
        let width = max(terminal.width - 1, 20)
        // A line that the terminal breaks would count as two.
        let shown = (lines + talk.taken().flatMap { Self.wrapped($0, width) }).map { String($0.prefix(width)) }
        defer { drawn = shown.count }
        return (drawn > 0 ? "\u{1B}[\(drawn)A\r\u{1B}[J" : "") + shown.joined(separator: "\n")
    }

    private static func wrapped(_ text: String, _ width: Int) -> [String] {
        text.split(separator: "\n").enumerated().flatMap { index, line in
            Help.indented(String(line), width, by: index == 0 ? 0 : 2).split(separator: "\n").map(String.init)
        }
    }

    /// Notes and warnings of a look: written between two frames, the next one would be drawn over them.
    final class Talk: Sendable {
        private let texts = Mutex<[String]>([])

        /// Keeps notes and warnings, and passes on all else.
        func sink(_ context: Context, _ other: @escaping EventSink) -> EventSink {
            { [self] event in
                switch event {
                case .warning(let text): texts.withLock { $0.append("warning: \(text)") }
                case .note(let text): if !context.isQuiet { texts.withLock { $0.append(text) } }
                default: other(event)
                }
            }
        }

        fileprivate func taken() -> [String] {
            texts.withLock { texts in
                defer { texts.removeAll() }
                return texts
            }
        }
    }
}
