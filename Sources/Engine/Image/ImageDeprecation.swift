import AWS

/// An image whose end was set, moved or taken back.
public struct DeprecatedImage: Sendable, Codable {
    /// The image.
    public var image: NodeImage
    /// False where it was so already.
    public var isChanged: Bool
}

extension Environment {
    /// EC2 keeps the end to the minute.
    private static let minute = 60.0

    /// Sets from when on an image is not to be used any more: it goes on to work, but others do not find it, and cloudrails does
    /// not take it by itself. EC2 EnableImageDeprecation, DisableImageDeprecation.
    /// - Parameter end: seconds since 1970; nil takes an end back.
    /// - Throws: `Problem` where AWS does not allow it for a public image.
    public func deprecate(_ image: NodeImage, at end: Double?) async throws -> DeprecatedImage {
        try refuseForeign(image)
        let now = image.deprecated.flatMap(Timestamp.seconds)
        let wanted = end.map { ($0 / Self.minute).rounded() * Self.minute }
        guard now != wanted else { return DeprecatedImage(image: image, isChanged: false) }
        // https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ami-deprecate.html
        if image.isPublic, let now, wanted ?? .infinity > now {
            throw Problem(
                "The end of \(image.id) can only be moved forward, as it is public",
                cause: "it is \(image.deprecated ?? ""), and AWS gives public images two years at most",
                fix: "cloudrails image unpublish \(image.id) first")
        }
        var image = image
        image.deprecated = wanted.map(Timestamp.text)
        try await step("deprecate", "end of \(image.id)", done: { image.deprecated ?? "none" }) {
            if let end = image.deprecated {
                _ = try await aws.call(EnableImageDeprecation(imageID: image.imageID, deprecateAt: end))
            } else {
                _ = try await aws.call(DisableImageDeprecation(imageID: image.imageID))
            }
        }
        return DeprecatedImage(image: image, isChanged: true)
    }
}
