import AWS

/// An image with who may use it and who does.
public struct ImageDetails: Sendable, Encodable {
    /// The image.
    public var image: NodeImage
    /// The accounts that it is shared with; on an image of another account nobody tells.
    public var sharedWith: [String]
    /// What still uses it.
    public var usedBy: ImageUsers

    private enum Keys: CodingKey { case sharedWith, usedBy }

    /// The image's own keys, and these two.
    public func encode(to encoder: any Encoder) throws {
        try image.encode(to: encoder)
        var keys = encoder.container(keyedBy: Keys.self)
        try keys.encode(sharedWith, forKey: .sharedWith)
        try keys.encode(usedBy.all, forKey: .usedBy)
    }
}

extension Environment {
    /// Asks AWS who may use an image and who does. EC2 DescribeImageAttribute, DescribeInstances, DescribeImageReferences.
    public func describe(_ image: NodeImage) async throws -> ImageDetails {
        guard image.isOwn else {
            return ImageDetails(image: image, sharedWith: [], usedBy: ImageUsers())
        }
        async let accounts = accounts(of: image)
        let users = try await users(of: [image])[image.id] ?? ImageUsers()
        return ImageDetails(image: image, sharedWith: try await accounts, usedBy: users)
    }
}
