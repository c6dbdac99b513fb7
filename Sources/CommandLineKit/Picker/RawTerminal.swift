import Foundation

/// The terminal while a picker has it: every key at once and unseen, on a screen of its own, so that what stood there before
/// stands there again afterwards. However the process ends, short of SIGKILL, the terminal is given back first.
enum RawTerminal {
    // Written before the handlers are set, and by them: a handler may take no lock.
    nonisolated(unsafe) private static var before = termios()
    nonisolated(unsafe) private static var raw = termios()
    nonisolated(unsafe) private static var isHeld: sig_atomic_t = 0
    nonisolated(unsafe) private static var wasResumed: sig_atomic_t = 0

    private static let ending = [SIGHUP, SIGQUIT, SIGABRT]
    private static let enter: StaticString = "\u{1B}[?1049h\u{1B}[?25l"
    private static let leave: StaticString = "\u{1B}[?25h\u{1B}[?1049l"

    /// Takes the terminal for as long as the work lasts.
    /// - Throws: what the work throws; `UsageError` where stdin is no terminal.
    static func hold<Value>(_ work: () throws -> Value) throws -> Value {
        guard tcgetattr(STDIN_FILENO, &before) == 0 else { throw UsageError("stdin is no terminal") }
        raw = before
        // Ctrl-C comes as a key, and so ends the picker rather than the process.
        raw.c_lflag &= ~tcflag_t(ICANON | ECHO | ISIG | IEXTEN)
        isHeld = 1
        for number in ending { signal(number, giveBackAndDie) }
        // Nobody could give the terminal back to whom is stopped by SIGSTOP; what a shell makes of it then is undone.
        signal(SIGTSTP, SIG_IGN)
        signal(SIGCONT, takeAgain)
        take()
        defer {
            restore()
            for number in ending + [SIGTSTP, SIGCONT] { signal(number, SIG_DFL) }
        }
        return try work()
    }

    /// True once after the process was stopped and goes on: the screen has to be drawn again.
    static func hasResumed() -> Bool {
        defer { wasResumed = 0 }
        return wasResumed != 0
    }

    /// Gives the terminal back, if it is held. Safe in a handler of a signal.
    static func restore() {
        guard isHeld != 0 else { return }
        isHeld = 0
        giveBack()
    }

    private static func take() {
        _ = tcsetattr(STDIN_FILENO, TCSADRAIN, &raw)
        say(enter)
    }

    private static func giveBack() {
        say(leave)
        _ = tcsetattr(STDIN_FILENO, TCSADRAIN, &before)
    }

    private static func say(_ text: StaticString) { _ = write(STDERR_FILENO, text.utf8Start, text.utf8CodeUnitCount) }

    private static let giveBackAndDie: @convention(c) (Int32) -> Void = { number in
        restore()
        signal(number, SIG_DFL)
        raise(number)
    }

    private static let takeAgain: @convention(c) (Int32) -> Void = { _ in
        guard isHeld != 0 else { return }
        take()
        wasResumed = 1
    }
}
