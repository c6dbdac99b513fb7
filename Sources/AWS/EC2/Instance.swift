/// An instance.
public struct Instance: Sendable {
    /// Its id.
    public var id: InstanceID
    /// Its type.
    public var instanceType: String
    /// What it is doing.
    public var state: InstanceState
    /// Why it is doing so, where AWS says.
    public var stateReason: String?
    /// ISO 8601.
    public var launchTime: String
    /// The image that it was launched from.
    public var imageID: ImageID
    /// The key pair.
    public var keyName: String?
    /// Its subnet.
    public var subnetID: SubnetID?
    /// Its VPC.
    public var vpcID: VPCID?
    /// Its zone.
    public var availabilityZone: String
    /// Its address inside the VPC.
    public var privateIPAddress: String?
    /// Its public address, while it runs.
    public var publicIPAddress: String?
    /// `arm64` or `x86_64`.
    public var architecture: String
    /// How it was bought where that is not on demand: `spot`, `scheduled`, …
    public var instanceLifecycle: String?
    /// Its volumes.
    public var blockDevices: [InstanceBlockDevice]
    /// Its security groups.
    public var securityGroups: [GroupIdentifier]
    /// Its tags.
    public var tags: [String: String]

    /// True for a spot instance.
    public var isSpot: Bool { instanceLifecycle == "spot" }

    init(_ xml: XMLElement) throws {
        id = try xml.id("instanceId")
        instanceType = xml["instanceType"] ?? ""
        state = InstanceState(rawValue: xml.child("instanceState")?["name"] ?? "")
        stateReason = xml.child("stateReason")?["message"]
        launchTime = xml["launchTime"] ?? ""
        imageID = try xml.id("imageId")
        keyName = xml["keyName"]
        subnetID = xml.optionalID("subnetId")
        vpcID = xml.optionalID("vpcId")
        availabilityZone = xml.child("placement")?["availabilityZone"] ?? ""
        privateIPAddress = xml["privateIpAddress"]
        publicIPAddress = xml["ipAddress"]
        architecture = xml["architecture"] ?? ""
        instanceLifecycle = xml["instanceLifecycle"]
        blockDevices = try xml.list("blockDeviceMapping").map(InstanceBlockDevice.init)
        securityGroups = xml.list("groupSet").map(GroupIdentifier.init)
        tags = xml.tags
    }

    init(planned call: RunInstances) {
        id = "i-planned"
        instanceType = call.instanceType
        state = .pending
        launchTime = ""
        imageID = call.imageID
        keyName = call.keyName
        subnetID = call.subnetID
        availabilityZone = ""
        architecture = ""
        instanceLifecycle = call.isSpot ? "spot" : nil
        blockDevices = []
        securityGroups = []
        tags = Tag.dictionary(call.tags)
    }
}

/// The id of an instance.
public typealias InstanceID = ResourceID<Instance>

/// What an instance is doing.
public struct InstanceState: RawRepresentable, Sendable, Hashable {
    /// EC2's name.
    public let rawValue: String
    /// EC2's name; a new one is taken as it is.
    public init(rawValue: String) { self.rawValue = rawValue }
    /// Starting.
    public static let pending = InstanceState(rawValue: "pending")
    /// Running.
    public static let running = InstanceState(rawValue: "running")
    /// Ending.
    public static let shuttingDown = InstanceState(rawValue: "shutting-down")
    /// Gone.
    public static let terminated = InstanceState(rawValue: "terminated")
    /// Stopping.
    public static let stopping = InstanceState(rawValue: "stopping")
    /// Stopped.
    public static let stopped = InstanceState(rawValue: "stopped")
}

/// A volume of an instance.
public struct InstanceBlockDevice: Sendable {
    /// What EC2 calls it, such as `/dev/xvdf`.
    public var deviceName: String
    /// The volume.
    public var volumeID: VolumeID
    /// True when it goes with the instance.
    public var deleteOnTermination: Bool

    init(_ xml: XMLElement) throws {
        deviceName = xml["deviceName"] ?? ""
        let volume = try xml.requiredChild("ebs")
        volumeID = try volume.id("volumeId")
        deleteOnTermination = volume.bool("deleteOnTermination")
    }
}

/// A security group by id and name.
public struct GroupIdentifier: Sendable {
    /// Its id.
    public var groupID: SecurityGroupID?
    /// Its name.
    public var groupName: String

    init(_ xml: XMLElement) {
        groupID = xml.optionalID("groupId")
        groupName = xml["groupName"] ?? ""
    }
}

/// EC2 DescribeInstances.
public struct DescribeInstances: EC2Operation, ReadOperation, PagedOperation {
    /// Instances.
    public typealias Item = Instance
    /// Only these.
    public var instanceIDs: [InstanceID]
    /// Which ones.
    public var filters: [Filter]
    /// At most so many a page; nil leaves it to AWS.
    public var maxResults: Int?
    /// What the page before said.
    public var nextToken: String?

    /// All that fit.
    public init(instanceIDs: [InstanceID] = [], filters: [Filter] = [], maxResults: Int? = nil) {
        self.instanceIDs = instanceIDs
        self.filters = filters
        self.maxResults = maxResults
    }

    func encode(to form: inout QueryForm) {
        form.set(list: "InstanceId", instanceIDs)
        form.set(filters)
        form.set("MaxResults", maxResults)
        form.set("NextToken", nextToken)
    }

    static func decode(_ answer: XMLElement) throws -> Page<Instance> {
        let instances = answer.list("reservationSet").flatMap { $0.list("instancesSet") }
        return Page(items: try instances.map(Instance.init), nextToken: answer["nextToken"])
    }
}

/// EC2 ModifyInstanceAttribute, which takes one attribute at a time: whether a volume goes with its instance, or the type.
public struct ModifyInstanceAttribute: EC2Operation, SilentOperation, DryRunnable {
    /// The instance.
    public var instanceID: InstanceID
    /// What EC2 calls the volume.
    public var deviceName: String?
    /// True when the volume is to go with the instance.
    public var deleteOnTermination: Bool?
    /// The new type of an instance that is stopped.
    public var instanceType: String?
    /// True asks for permission only.
    public var dryRun = false
    /// A repeat changes nothing.
    public static var repeatability: Repeatability { .always }

    /// Says whether a volume goes with its instance.
    public init(instanceID: InstanceID, deviceName: String, deleteOnTermination: Bool) {
        self.instanceID = instanceID
        self.deviceName = deviceName
        self.deleteOnTermination = deleteOnTermination
    }

    /// Changes the type.
    public init(instanceID: InstanceID, instanceType: String) {
        self.instanceID = instanceID
        self.instanceType = instanceType
    }

    func encode(to form: inout QueryForm) {
        form.set("InstanceId", instanceID)
        form.set("BlockDeviceMapping.1.DeviceName", deviceName)
        form.set("BlockDeviceMapping.1.Ebs.DeleteOnTermination", deleteOnTermination)
        form.set("InstanceType.Value", instanceType)
        form.setDryRun(dryRun)
    }
}
