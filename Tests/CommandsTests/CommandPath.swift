import CommandLineKit
import Testing

@testable import Commands

/// A command with those above it, for tests that go over the whole tree.
struct CommandPath: Sendable, CustomStringConvertible, CustomTestStringConvertible {
    var types: [any Command.Type]

    /// `cloudrails node launch`
    var description: String { Help.name(types) }
    var testDescription: String { description }
    var isShown: Bool { types.allSatisfy { $0.configuration.shouldDisplay } }

    /// Every command, those above first.
    static let all = below([Cloudrails.self])

    private static func below(_ types: [any Command.Type]) -> [CommandPath] {
        let subcommands = types.last?.configuration.subcommands ?? []
        return [CommandPath(types: types)] + subcommands.flatMap { below(types + [$0]) }
    }
}
