import Testing

@testable import CommandLineKit

@Suite struct CompletionsTests {
    private func offer(_ words: String...) -> Completions.Offer { Completions.offer(words, root: Tool.self) }

    @Test func commands() {
        #expect(offer("") == .words(["noun", "version"]))
        #expect(offer("n") == .words(["noun"]))
        #expect(offer("noun", "") == .words(["make", "send"]))
        #expect(offer("--region", "r", "noun", "m") == .words(["make"]))
        #expect(offer("nonsense", "") == .words([]))
    }

    @Test func optionsThatAreNotThereYet() {
        #expect(offer("noun", "make", "--d") == .words(["--disk-size"]))
        #expect(offer("noun", "make", "--disk-size", "5", "--d") == .words([]))
        #expect(offer("noun", "make", "--h") == .words(["--help"]))
        #expect(offer("--r") == .words(["--region"]))
    }

    @Test func values() {
        #expect(offer("noun", "make", "--other-colour", "") == .words(["red", "green", "blue"]))
        #expect(offer("noun", "make", "--other-colour=g") == .words(["--other-colour=green"]))
        #expect(offer("noun", "make", "--key-file", "") == .files)
        #expect(offer("noun", "make", "--key-file=") == .files)
        #expect(offer("noun", "make", "") == .custom("names"))
        #expect(offer("noun", "make", "--yes", "--disk-size", "5", "") == .custom("names"))
        #expect(offer("noun", "make", "a", "b") == .words(["blue"]))
        #expect(offer("noun", "make", "a", "blue", "") == .words([]))
    }

    @Test func findsWhatIsBeingTyped() {
        #expect(Completions.value(of: "region", in: ["noun", "--region", "r", ""]) == "r")
        #expect(Completions.value(of: "region", in: ["--region=r", ""]) == "r")
        #expect(Completions.value(of: "region", in: ["noun", ""]) == nil)
    }
}
