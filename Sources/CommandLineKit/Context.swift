import Foundation

/// What a command runs in: streams, terminal, environment and the flags that hold for all commands. stdout is data,
/// stderr is talk.
public final class Context: Sendable {
    /// Writes to a stream.
    public typealias Writer = @Sendable (String) -> Void

    /// The environment's variables.
    public let environment: [String: String]
    /// What stdout is.
    public let stdout: Terminal
    /// What stderr is.
    public let stderr: Terminal
    /// True where a person can be asked.
    public let canAsk: Bool
    /// True with `--json`.
    public let isJSON: Bool
    /// True with `--quiet`: no talk but warnings and errors.
    public let isQuiet: Bool
    /// The live list of steps.
    public let steps: Steps
    private let writeOut: Writer
    let writeError: Writer
    private let readLine: @Sendable () -> String?

    /// A context from its parts; tests give their own streams.
    public init(
        environment: [String: String], stdout: Terminal, stderr: Terminal, canAsk: Bool, isJSON: Bool = false,
        isQuiet: Bool = false, writeOut: @escaping Writer, writeError: @escaping Writer,
        readLine: @escaping @Sendable () -> String? = { nil }
    ) {
        self.environment = environment
        self.stdout = stdout
        self.stderr = stderr
        self.canAsk = canAsk
        self.isJSON = isJSON
        self.isQuiet = isQuiet
        self.writeOut = writeOut
        self.writeError = writeError
        self.readLine = readLine
        steps = Steps(terminal: stderr, isQuiet: isQuiet, write: writeError)
    }

    /// The context of this process. From here on a reader who goes away, as `head` does, is an error of a write and no signal.
    public static func ofProcess(isJSON: Bool, isQuiet: Bool, noColour: Bool) -> Context {
        signal(SIGPIPE, SIG_IGN)
        var environment = ProcessInfo.processInfo.environment
        if noColour { environment["NO_COLOR"] = "1" }
        return Context(
            environment: environment, stdout: .of(STDOUT_FILENO, environment: environment),
            stderr: .of(STDERR_FILENO, environment: environment), canAsk: isatty(STDIN_FILENO) == 1, isJSON: isJSON,
            isQuiet: isQuiet, writeOut: StandardStreams.writeOut, writeError: StandardStreams.writeError,
            readLine: StandardStreams.readLine)
    }

    /// The same, but silent: for questions that a shell asks in the middle of a line.
    public func silenced() -> Context {
        Context(
            environment: environment, stdout: stdout, stderr: Terminal(isTTY: false), canAsk: false, isQuiet: true,
            writeOut: writeOut, writeError: { _ in })
    }

    /// Prints data.
    public func print(_ text: String) { writeOut(text + "\n") }

    /// Passes on what a program wrote, byte for byte.
    public func relay(_ output: String, _ errors: String) {
        writeOut(output)
        writeError(errors)
    }

    /// Prints a result: as JSON with `--json`, else as the text.
    public func emit(_ value: some Encodable, text: () -> String) throws {
        guard isJSON else { return print(text()) }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        print(String(decoding: try encoder.encode(value), as: UTF8.self))
    }

    /// Says something that is worth knowing.
    public func note(_ text: String) {
        if !isQuiet { steps.say(text) }
    }

    /// Says something that is worth acting upon; `--quiet` does not silence it.
    public func warn(_ text: String) { steps.say(Style.yellow.apply("warning:", stderr) + " \(text)") }

    /// Prints what went wrong.
    public func fail(_ diagnostic: Diagnostic) {
        steps.stop()
        writeError(
            diagnostic.text.replacing("error:", with: Style.red.apply("error:", stderr), maxReplacements: 1) + "\n")
    }

    /// Refuses to go on where nobody can be asked and the flag that answers is missing, before anything is done.
    public func requireAnswer(_ given: Bool, flag: String) throws {
        guard given || canAsk else {
            throw UsageError("nobody can be asked here, as stdin is no terminal", fix: "the same command with \(flag)")
        }
    }

    /// Asks a question that 'y' answers with yes.
    /// - Throws: `Declined`; `CancellationError` after Ctrl-C.
    public func confirm(_ question: String) throws {
        let answer = ask("\(question) [y/N] ")
        try Task.checkCancellation()
        guard ["y", "yes"].contains(answer.lowercased()) else { throw Declined() }
    }

    /// Asks for a name to be typed, where a slip would cost days.
    /// - Throws: `Declined`; `CancellationError` after Ctrl-C.
    public func confirm(_ question: String, byTyping name: String) throws {
        let answer = ask("\(question)\nType \(name) to go on: ")
        try Task.checkCancellation()
        guard answer == name else { throw Declined() }
    }

    /// Asks for a line; an empty one where nobody can be asked.
    public func ask(_ question: String) -> String {
        guard canAsk else { return "" }
        steps.stop()
        writeError(question)
        return readLine() ?? ""
    }
}

/// The user said no.
public struct Declined: Error, Sendable {
    /// Nothing is done.
    public init() {}
}
