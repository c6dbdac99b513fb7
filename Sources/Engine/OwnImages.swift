import AWS

/// An image of ours, as far as the image table needs it.
public struct OwnImage: Sendable {
    /// AWS's id.
    public var id: String
    /// The name, which says target, height, version, time and architecture.
    public var name: String
}

extension Environment {
    /// The account's own images that can be launched. EC2 DescribeImages; the owner is always named.
    public func ownImages() async throws -> [OwnImage] {
        let filters = [Filter("name", ["cloudrails/*"]), Filter("state", ["available"])]
        return try await aws.all(DescribeImages(owners: ["self"], filters: filters))
            .map { OwnImage(id: $0.id.rawValue, name: $0.name) }
    }
}
