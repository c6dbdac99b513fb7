import Synchronization

@testable import CommandLineKit

/// A screen that understands what the live list writes: lines, going up, and clearing from the cursor on.
final class FakeTerminal: Sendable {
    private struct Screen {
        var lines = [""]
        var row = 0
        var written = ""
        var mostLines = 0
    }

    private let screen = Mutex(Screen())

    /// What a person sees; empty lines at the end are not seen.
    var lines: [String] {
        screen.withLock { screen in
            var lines = screen.lines
            while lines.last == "" { lines.removeLast() }
            return lines
        }
    }

    /// Everything that was written.
    var written: String { screen.withLock(\.written) }

    /// The most lines that were ever to be seen.
    var mostLines: Int { screen.withLock(\.mostLines) }

    /// Takes what a program writes.
    @Sendable func write(_ text: String) {
        screen.withLock { screen in
            screen.written += text
            var rest = Substring(text)
            while let character = rest.popFirst() { Self.take(character, &rest, &screen) }
            screen.mostLines = max(screen.mostLines, screen.lines.count)
        }
    }

    private static func take(_ character: Character, _ rest: inout Substring, _ screen: inout Screen) {
        switch character {
        case "\u{1B}":
            _ = rest.popFirst()
            let digits = rest.prefix { $0.isNumber }
            rest = rest.dropFirst(digits.count)
            switch rest.popFirst() {
            case "A": screen.row = max(0, screen.row - (Int(digits) ?? 1))
            case "J":
                screen.lines = Array(screen.lines.prefix(screen.row)) + [""]
            default: break
            }
        case "\r": break
        case "\n":
            screen.row += 1
            if screen.row == screen.lines.count { screen.lines.append("") }
        default: screen.lines[screen.row].append(character)
        }
    }
}

extension Context {
    /// A context whose streams are a fake terminal, or pipes when `isTTY` is false.
    static func fake(
        _ out: FakeTerminal = FakeTerminal(), _ error: FakeTerminal = FakeTerminal(), isTTY: Bool = false,
        canAsk: Bool = false, isJSON: Bool = false, isQuiet: Bool = false, answers: [String] = []
    ) -> Context {
        let left = AnswerQueue(answers)
        return Context(
            environment: [:], stdout: Terminal(isTTY: isTTY), stderr: Terminal(isTTY: isTTY), canAsk: canAsk,
            isJSON: isJSON, isQuiet: isQuiet, writeOut: out.write, writeError: error.write, readLine: left.next)
    }
}

/// What a person will type, line by line.
final class AnswerQueue: Sendable {
    private let answers: Mutex<[String]>
    init(_ answers: [String]) { self.answers = Mutex(answers) }
    @Sendable func next() -> String? { answers.withLock { $0.isEmpty ? nil : $0.removeFirst() } }
}
