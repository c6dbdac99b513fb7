/// EC2 CopyImage, called in the region that the copy is to be in. It is there at once, as `pending`; AWS takes hours over a
/// large one.
public struct CopyImage: EC2Operation, DryRunnable {
    /// The copy's id.
    public typealias Output = ImageID
    /// The image.
    public var sourceImageID: ImageID
    /// Where that is.
    public var sourceRegion: String
    /// The copy's name.
    public var name: String
    /// The copy's description: AWS takes none over.
    public var description: String
    /// The same token makes the same copy once.
    public var clientToken: String
    /// Tags on the copy and on its snapshots.
    public var tags: [Tag]
    /// True asks for permission only.
    public var dryRun = false
    /// Repeated with the same token.
    public static var repeatability: Repeatability { .withToken }

    /// The call from its parts.
    public init(
        sourceImageID: ImageID, sourceRegion: String, name: String, description: String, clientToken: String,
        tags: [Tag]
    ) {
        self.sourceImageID = sourceImageID
        self.sourceRegion = sourceRegion
        self.name = name
        self.description = description
        self.clientToken = clientToken
        self.tags = tags
    }

    /// The id of an image that does not exist.
    public var planned: ImageID { "ami-planned" }

    func encode(to form: inout QueryForm) {
        form.set("SourceImageId", sourceImageID)
        form.set("SourceRegion", sourceRegion)
        form.set("Name", name)
        form.set("Description", description)
        form.set("ClientToken", clientToken)
        form.set(tags, on: "image", "snapshot")
        form.setDryRun(dryRun)
    }

    static func decode(_ answer: XMLElement) throws -> ImageID { try answer.id("imageId") }
}
