import CommandLineKit
import Foundation
import Testing

@testable import Commands

/// The help of every command, held against `Help/*.txt`. After a change on purpose:
/// `CLOUDRAILS_REWRITE_HELP=1 swift test --filter CommandsTests.HelpTests`, then look at the diff.
@Suite struct HelpTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Help")
    private static let rewrites = ProcessInfo.processInfo.environment["CLOUDRAILS_REWRITE_HELP"] == "1"

    private static func file(_ path: CommandPath) -> URL {
        folder.appending(path: path.description.replacing(" ", with: "-") + ".txt")
    }

    @Test(arguments: CommandPath.all.filter(\.isShown))
    func matchesItsSnapshot(path: CommandPath) throws {
        let text = Help.text(path.types) + "\n"
        let file = Self.file(path)
        if Self.rewrites { try text.write(to: file, atomically: true, encoding: .utf8) }
        let kept = try? String(contentsOf: file, encoding: .utf8)
        #expect(kept == text, "CLOUDRAILS_REWRITE_HELP=1 swift test --filter CommandsTests.HelpTests")
    }

    @Test(arguments: CommandPath.all, [60, 80, 100])
    func fits(path: CommandPath, width: Int) {
        for line in Help.text(path.types, width: width).split(separator: "\n") {
            // An example is one line, as it is typed.
            let isExample = path.types.last?.configuration.examples.contains { "    \($0.line)" == line } ?? false
            #expect(line.count <= (isExample ? 100 : width), "\(line)")
        }
    }

    @Test func noSnapshotIsLeftOver() throws {
        let kept = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path).sorted()
        let wanted = CommandPath.all.filter(\.isShown).map { Self.file($0).lastPathComponent }.sorted()
        #expect(kept == wanted)
    }
}
