import ChainKit
import ChainRegistry
import CommandLineKit

/// Finds the profile of a target that was typed.
enum TargetArgument {
    /// - Throws: `UsageError` with what may have been meant.
    static func profile(_ target: String) throws -> any ChainProfile {
        if let profile = ChainRegistry.profile(target) { return profile }
        let targets = ChainRegistry.profiles.map(\.target.description)
        if let nearest = Suggestion.nearest(to: target, in: targets) {
            throw UsageError("there is no target '\(target)'", suggestion: nearest)
        }
        throw UsageError("there is no target '\(target)'", fix: "cloudrails chains list")
    }
}
