import Testing

@testable import CommandLineKit

@Suite struct StepsTests {
    private let screen = FakeTerminal()

    private func steps(isTTY: Bool, width: Int = 80, isQuiet: Bool = false) -> Steps {
        Steps(terminal: Terminal(isTTY: isTTY, width: width), isQuiet: isQuiet, write: screen.write)
    }

    /// Times differ from run to run.
    private func withoutTimes(_ lines: [String]) -> [String] {
        lines.map { $0.replacing(/\([0-9.]+ s\)/, with: "(t)") }
    }

    @Test func drawsParallelStepsInPlace() {
        let steps = steps(isTTY: true)
        steps.begin("vpc", "VPC")
        steps.begin("role", "IAM role")
        steps.update("role", "waiting")
        #expect(withoutTimes(screen.lines).map { $0.dropFirst(2) } == ["VPC (t)", "IAM role: waiting (t)"])
        steps.finish("vpc", "vpc-1")
        #expect(withoutTimes(screen.lines) == ["✓ VPC: vpc-1 (t)", "⠋ IAM role: waiting (t)"])
        steps.say("note")
        steps.finish("role", "", succeeded: false)
        #expect(withoutTimes(screen.lines) == ["✓ VPC: vpc-1 (t)", "note", "✗ IAM role (t)"])
    }

    /// Nothing is told and the line changes; the test's time limit ends a wait for a spinner that stands.
    @Test(.timeLimit(.minutes(1))) func theSpinnerTurnsByItself() async throws {
        let steps = steps(isTTY: true)
        steps.begin("a", "A")
        while screen.lines.first?.hasPrefix("⠋") == true { try await Task.sleep(for: .milliseconds(20)) }
        #expect(screen.lines.count == 1)
        steps.stop()
        #expect(screen.lines == [])
    }

    @Test func longLinesAreCutSoThatTheyCanBeDrawnAgain() {
        let steps = steps(isTTY: true, width: 20)
        steps.begin("a", String(repeating: "x", count: 50))
        #expect(screen.lines.map(\.count) == [19])
    }

    @Test func theListStaysSmallerThanAWindow() {
        let steps = steps(isTTY: true)
        for number in 1...40 { steps.begin("\(number)", "step \(number)") }
        #expect(screen.lines.count == 13)
        #expect(screen.lines.last == "  and 28 more")
        for number in 1...40 { steps.finish("\(number)", "done") }
        #expect(screen.lines.count == 40)
    }

    @Test func writesPlainLinesInAPipe() {
        let steps = steps(isTTY: false)
        steps.begin("a", "VPC")
        steps.update("a", "waiting")
        steps.update("a", "waiting")
        steps.finish("a", "vpc-1")
        steps.begin("b", "role")
        steps.finish("b", "no", succeeded: false)
        #expect(withoutTimes(screen.lines) == ["- VPC: waiting", "+ VPC: vpc-1 (t)", "! role: no (t)"])
        #expect(!screen.written.contains("\u{1B}"))
    }

    @Test func aDumbTerminalGetsPlainLines() {
        let steps = Steps(terminal: Terminal(isTTY: true, isDumb: true), isQuiet: false, write: screen.write)
        steps.begin("a", "VPC")
        steps.finish("a", "")
        #expect(withoutTimes(screen.lines) == ["+ VPC (t)"])
        #expect(!screen.written.contains("\u{1B}"))
    }

    @Test func quietSaysOnlyWhatMustBeSaid() {
        let steps = steps(isTTY: true, isQuiet: true)
        steps.begin("a", "VPC")
        steps.update("a", "x")
        steps.finish("a", "")
        #expect(screen.written.isEmpty)
        steps.say("warning: x")
        #expect(screen.lines == ["warning: x"])
    }

    @Test func manyTasksAtOnceLoseNothing() async {
        let steps = steps(isTTY: true)
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<200 {
                group.addTask {
                    steps.begin("\(number)", "step")
                    steps.update("\(number)", "half")
                    steps.finish("\(number)", "\(number)")
                }
            }
        }
        #expect(screen.lines.count == 200)
        #expect(screen.lines.allSatisfy { $0.hasPrefix("✓ step: ") })
    }

    @Test func unknownStepsAreNoMatter() {
        let steps = steps(isTTY: true)
        steps.update("x", "y")
        steps.finish("x", "y")
        #expect(screen.written.isEmpty)
    }
}
