/// Something of the account that refers to an image.
public struct ImageReference: Sendable {
    /// The image.
    public var imageID: ImageID
    /// `ec2:Instance`, `ec2:LaunchTemplate`, `ssm:Parameter`, …
    public var resourceType: String
    /// What refers to it.
    public var arn: String

    init(_ xml: XMLElement) throws {
        imageID = try xml.id("imageId")
        resourceType = xml["resourceType"] ?? ""
        arn = xml["arn"] ?? ""
    }
}

/// EC2 DescribeImageReferences, of every kind that AWS looks at.
public struct DescribeImageReferences: EC2Operation, ReadOperation, PagedOperation {
    /// References.
    public typealias Item = ImageReference
    /// One to ten images.
    public var imageIDs: [ImageID]
    /// What the page before said.
    public var nextToken: String?

    /// All that refers to these.
    public init(imageIDs: [ImageID]) { self.imageIDs = imageIDs }

    func encode(to form: inout QueryForm) {
        form.set(list: "ImageId", imageIDs)
        form.set("IncludeAllResourceTypes", true)
        form.set("NextToken", nextToken)
    }

    static func decode(_ answer: XMLElement) throws -> Page<ImageReference> {
        Page(
            items: try answer.list("imageReferenceSet").map(ImageReference.init), nextToken: answer["nextToken"])
    }
}
