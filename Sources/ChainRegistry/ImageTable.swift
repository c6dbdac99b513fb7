public import ChainKit

/// An image that may be launched, as far as the table needs it.
public struct KnownImage: Sendable {
    /// AWS's id.
    public var id: String
    /// What its name says.
    public var name: ImageName

    /// An image whose name is one of ours; nil for any other.
    public init?(id: String, name: String) {
        guard let parsed = ImageName(name) else { return nil }
        self.id = id
        self.name = parsed
    }
}

/// Every target with its newest image.
public struct ImageTable: Sendable {
    /// A target and its newest image.
    public struct Row: Sendable {
        /// The target's profile.
        public var profile: any ChainProfile
        /// Its newest image; nil where there is none.
        public var image: KnownImage?
    }

    /// In alphabetical order.
    public var rows: [Row]

    /// The table of these images: the highest block wins, then the youngest.
    public init(_ images: [KnownImage] = []) {
        rows = ChainRegistry.profiles.map { profile in
            let fitting = images.filter { $0.name.target == profile.target }
            return Row(
                profile: profile, image: fitting.max { ($0.name.height, $0.name.made) < ($1.name.height, $1.name.made) }
            )
        }
    }
}
