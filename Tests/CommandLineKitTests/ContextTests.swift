import Testing

@testable import CommandLineKit

@Suite struct ContextTests {
    private let out = FakeTerminal()
    private let error = FakeTerminal()

    private struct Result: Encodable {
        var zone = "a"
        var address: String?
        var url = "https://x/y"
    }

    @Test func jsonIsSortedAndLeavesOutWhatIsNot() throws {
        try Context.fake(out, error, isJSON: true).emit(Result()) { "text" }
        #expect(out.written == "{\n  \"url\" : \"https://x/y\",\n  \"zone\" : \"a\"\n}\n")
        #expect(error.written.isEmpty)
    }

    @Test func withoutJSONItIsText() throws {
        try Context.fake(out, error).emit(Result()) { "text" }
        #expect(out.written == "text\n")
    }

    @Test func talkGoesToStderrAndQuietSilencesIt() {
        let context = Context.fake(out, error)
        context.note("note")
        context.warn("look")
        #expect(error.lines == ["note", "warning: look"])
        let quiet = FakeTerminal()
        Context.fake(out, quiet, isQuiet: true).note("note")
        Context.fake(out, quiet, isQuiet: true).warn("look")
        #expect(quiet.lines == ["warning: look"])
        #expect(out.written.isEmpty)
    }

    @Test func diagnosticsSayWhatWhyAndWhatNext() {
        Context.fake(out, error).fail(
            Diagnostic("what", cause: "why", fix: "next", requestID: "id", exitCode: .failure))
        #expect(error.lines == ["error: what", "  because: why", "  try: next", "  AWS request id: id"])
    }

    @Test func nobodyIsAskedWithoutATerminal() {
        let context = Context.fake(out, error, answers: ["y", "name"])
        #expect(throws: UsageError.self) { try context.requireAnswer(false, flag: "--yes") }
        #expect(throws: Never.self) { try context.requireAnswer(true, flag: "--yes") }
        // Even a command that forgets to ask whether it may ask does not take what comes through a pipe for an answer.
        #expect(throws: Declined.self) { try context.confirm("sure?") }
        #expect(throws: Declined.self) { try context.confirm("sure?", byTyping: "name") }
        #expect(error.written.isEmpty)
    }

    @Test(arguments: [("y", true), ("YES", true), ("", false), ("n", false), ("yess", false)])
    func onlyYesIsYes(answer: String, isYes: Bool) {
        let context = Context.fake(out, error, isTTY: true, canAsk: true, answers: [answer])
        #expect(((try? context.confirm("Sure?")) != nil) == isYes)
        #expect(error.written == "Sure? [y/N] ")
    }

    @Test(arguments: [("my-node", true), ("my-nod", false), ("y", false), ("", false)])
    func aNameHasToBeTypedWhole(answer: String, isYes: Bool) {
        let context = Context.fake(out, error, isTTY: true, canAsk: true, answers: [answer])
        #expect(((try? context.confirm("Gone for good.", byTyping: "my-node")) != nil) == isYes)
    }

    @Test func theEndOfTheInputIsNoAnswer() {
        #expect(throws: Declined.self) { try Context.fake(out, error, canAsk: true).confirm("Sure?") }
    }

    @Test func ctrlCDuringAQuestionIsAnInterruption() async {
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            try Context.fake(canAsk: true, answers: ["y"]).confirm("Sure?")
        }
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    @Test func aSilencedContextSaysNothingAndAsksNothing() {
        let context = Context.fake(out, error, canAsk: true, answers: ["y"]).silenced()
        context.note("x")
        context.warn("x")
        #expect(context.ask("x") == "" && error.written.isEmpty)
        context.print("data")
        #expect(out.lines == ["data"])
    }

    @Test func coloursFollowTheEnvironment() {
        // No descriptor of a test is a terminal, so only the absence of everything can be seen here.
        let terminal = Terminal.of(0, environment: [:])
        #expect(!terminal.hasColour || terminal.isTTY)
        #expect(Style.red.apply("x", Terminal(isTTY: true)) == "x")
        #expect(Style.red.apply("x", Terminal(isTTY: true, hasColour: true)) == "\u{1B}[31mx\u{1B}[0m")
    }
}
