import Bitcoin
public import ChainKit
import Ethereum
import Litecoin

/// All targets that cloudrails knows, in alphabetical order. A new chain adds its import above and its line below.
public enum ChainRegistry {
    /// Every profile.
    public static let profiles: [any ChainProfile] =
        (bitcoin + ethereum + litecoin).sorted { $0.target < $1.target }

    /// The profile of a target, as people type it; nil where there is none.
    public static func profile(_ target: String) -> (any ChainProfile)? {
        profiles.first { $0.target.description == target }
    }
}
