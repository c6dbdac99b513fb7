/// EC2 CreateImage, of an instance that goes on. Its image shows the volumes as they are at the call; the copying goes on behind.
public struct CreateImage: EC2Operation, DryRunnable {
    /// The image's id.
    public typealias Output = ImageID
    /// The instance.
    public var instanceID: InstanceID
    /// Unique in account and region: 3 to 128 letters, digits and `()[] ./-'@_`.
    public var name: String
    /// At most 255 characters.
    public var description: String
    /// Tags on the image and on the snapshot of each volume.
    public var tags: [Tag]
    /// True asks for permission only.
    public var dryRun = false
    /// There is no ClientToken: a repeat answers `InvalidAMIName.Duplicate`.
    public static var repeatability: Repeatability { .never }

    /// The call from its parts.
    public init(instanceID: InstanceID, name: String, description: String, tags: [Tag]) {
        self.instanceID = instanceID
        self.name = name
        self.description = description
        self.tags = tags
    }

    /// An image that does not exist.
    public var planned: ImageID { "ami-planned" }

    func encode(to form: inout QueryForm) {
        form.set("InstanceId", instanceID)
        form.set("Name", name)
        form.set("Description", description)
        form.set("NoReboot", true)
        form.set(tags, on: "image", "snapshot")
        form.setDryRun(dryRun)
    }

    static func decode(_ answer: XMLElement) throws -> ImageID { try answer.id("imageId") }
}

extension Image {
    /// The image that a call has begun, before AWS tells more of it.
    public init(_ id: ImageID, begunBy call: CreateImage) {
        self.id = id
        name = call.name
        description = call.description
        ownerID = ""
        state = "pending"
        sourceInstanceID = call.instanceID
        isPublic = false
        architecture = ""
        creationDate = ""
        rootDeviceName = ""
        blockDevices = []
        tags = Tag.dictionary(call.tags)
    }
}
