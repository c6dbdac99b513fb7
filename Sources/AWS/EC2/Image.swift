/// An image (AMI).
public struct Image: Sendable {
    /// Its id.
    public var id: ImageID
    /// Its name, unique in account and region.
    public var name: String
    /// Its description.
    public var description: String?
    /// The account that owns it.
    public var ownerID: String
    /// `available`, `pending`, `failed`, …
    public var state: String
    /// Why it is in that state, where AWS says.
    public var stateReason: String?
    /// The instance that CreateImage made it of; nil for one that came into being otherwise.
    public var sourceInstanceID: InstanceID?
    /// True when everybody may launch it.
    public var isPublic: Bool
    /// `arm64` or `x86_64`.
    public var architecture: String
    /// ISO 8601.
    public var creationDate: String
    /// What its root volume is called, such as `/dev/sda1`.
    public var rootDeviceName: String
    /// The volumes that it launches with.
    public var blockDevices: [ImageBlockDevice]
    /// From when on it is deprecated, ISO 8601.
    public var deprecationTime: String?
    /// Its tags.
    public var tags: [String: String]

    /// Size of its root volume, GiB.
    public var rootSizeGiB: Int { blockDevices.first { $0.deviceName == rootDeviceName }?.volumeSize ?? 0 }

    init(_ xml: XMLElement) throws {
        id = try xml.id("imageId")
        name = xml["name"] ?? ""
        description = xml["description"]
        ownerID = xml["imageOwnerId"] ?? ""
        state = xml["imageState"] ?? ""
        stateReason = xml.child("stateReason")?["message"]
        sourceInstanceID = xml.optionalID("sourceInstanceId")
        isPublic = xml.bool("isPublic")
        architecture = xml["architecture"] ?? ""
        creationDate = xml["creationDate"] ?? ""
        rootDeviceName = xml["rootDeviceName"] ?? ""
        blockDevices = xml.list("blockDeviceMapping").map(ImageBlockDevice.init)
        deprecationTime = xml["deprecationTime"]
        tags = xml.tags
    }
}

/// The id of an image.
public typealias ImageID = ResourceID<Image>

/// A volume that an image launches with.
public struct ImageBlockDevice: Sendable {
    /// What it is called.
    public var deviceName: String
    /// The snapshot that it is made from.
    public var snapshotID: SnapshotID?
    /// Its size, GiB.
    public var volumeSize: Int?
    /// True where that snapshot is encrypted.
    public var isEncrypted: Bool

    init(_ xml: XMLElement) {
        deviceName = xml["deviceName"] ?? ""
        let ebs = xml.child("ebs")
        snapshotID = ebs?.optionalID("snapshotId")
        volumeSize = ebs?.int("volumeSize")
        isEncrypted = ebs?.bool("encrypted") ?? false
    }
}

/// EC2 DescribeImages.
public struct DescribeImages: EC2Operation, ReadOperation, PagedOperation {
    /// Images.
    public typealias Item = Image
    /// Account ids, or `self`. Always named where something is launched or changed: anybody may publish an image under any name.
    public var owners: [String]
    /// Only these.
    public var imageIDs: [ImageID]
    /// Which ones.
    public var filters: [Filter]
    /// What the page before said.
    public var nextToken: String?

    /// All that fit.
    public init(owners: [String], imageIDs: [ImageID] = [], filters: [Filter] = []) {
        self.owners = owners
        self.imageIDs = imageIDs
        self.filters = filters
    }

    func encode(to form: inout QueryForm) {
        form.set(list: "Owner", owners)
        form.set(list: "ImageId", imageIDs)
        form.set(filters)
        form.set("NextToken", nextToken)
    }

    static func decode(_ answer: XMLElement) throws -> Page<Image> {
        Page(items: try answer.list("imagesSet").map(Image.init), nextToken: answer["nextToken"])
    }
}
