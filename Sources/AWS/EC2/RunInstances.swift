/// A volume to launch with.
public struct BlockDeviceMapping: Sendable {
    /// What EC2 calls it.
    public var deviceName: String
    /// Its size, GiB.
    public var volumeSize: Int
    /// `gp3` and others.
    public var volumeType: String
    /// I/O operations a second.
    public var iops: Int?
    /// MiB/s.
    public var throughput: Int?
    /// What it is made from; nil for an empty one, or for what the image says.
    public var snapshotID: SnapshotID?
    /// MiB/s, 100 to 300, at which the snapshot's blocks are fetched; nil leaves the pace to AWS.
    public var volumeInitializationRate: Int?
    /// True when it goes with the instance.
    public var deleteOnTermination: Bool

    /// A volume from its parts.
    public init(
        deviceName: String, volumeSize: Int, volumeType: String, iops: Int? = nil, throughput: Int? = nil,
        snapshotID: SnapshotID? = nil, volumeInitializationRate: Int? = nil, deleteOnTermination: Bool
    ) {
        self.deviceName = deviceName
        self.volumeSize = volumeSize
        self.volumeType = volumeType
        self.iops = iops
        self.throughput = throughput
        self.snapshotID = snapshotID
        self.volumeInitializationRate = volumeInitializationRate
        self.deleteOnTermination = deleteOnTermination
    }

    fileprivate func encode(at prefix: String, to form: inout QueryForm) {
        form.set("\(prefix).DeviceName", deviceName)
        form.set("\(prefix).Ebs.VolumeSize", volumeSize)
        form.set("\(prefix).Ebs.VolumeType", volumeType)
        form.set("\(prefix).Ebs.Iops", iops)
        form.set("\(prefix).Ebs.Throughput", throughput)
        form.set("\(prefix).Ebs.SnapshotId", snapshotID)
        form.set("\(prefix).Ebs.VolumeInitializationRate", volumeInitializationRate)
        form.set("\(prefix).Ebs.DeleteOnTermination", deleteOnTermination)
    }
}

/// EC2 RunInstances, for one instance. The metadata service wants version 2 of its protocol, always.
public struct RunInstances: EC2Operation, DryRunnable {
    /// The instance.
    public typealias Output = Instance
    /// The image.
    public var imageID: ImageID
    /// The type.
    public var instanceType: String
    /// The key pair.
    public var keyName: String
    /// The subnet, which tells zone and VPC.
    public var subnetID: SubnetID
    /// The security groups.
    public var securityGroupIDs: [SecurityGroupID]
    /// True for a public IPv4 address.
    public var associatePublicIPAddress: Bool
    /// The instance profile.
    public var iamInstanceProfileName: String
    /// What runs at the first boot: at most 16 KB before base64.
    public var userData: [UInt8]
    /// The volumes.
    public var blockDeviceMappings: [BlockDeviceMapping]
    /// The same token makes the same instance once.
    public var clientToken: String
    /// Tags on instance, volumes and network interface.
    public var tags: [Tag]
    /// True for a spot instance.
    public var isSpot: Bool
    /// True asks for permission only.
    public var dryRun = false
    /// Repeated with the same token.
    public static var repeatability: Repeatability { .withToken }

    /// One instance from its parts.
    public init(
        imageID: ImageID, instanceType: String, keyName: String, subnetID: SubnetID,
        securityGroupIDs: [SecurityGroupID], associatePublicIPAddress: Bool, iamInstanceProfileName: String,
        userData: [UInt8], blockDeviceMappings: [BlockDeviceMapping], clientToken: String, tags: [Tag], isSpot: Bool
    ) {
        self.imageID = imageID
        self.instanceType = instanceType
        self.keyName = keyName
        self.subnetID = subnetID
        self.securityGroupIDs = securityGroupIDs
        self.associatePublicIPAddress = associatePublicIPAddress
        self.iamInstanceProfileName = iamInstanceProfileName
        self.userData = userData
        self.blockDeviceMappings = blockDeviceMappings
        self.clientToken = clientToken
        self.tags = tags
        self.isSpot = isSpot
    }

    /// An instance that does not exist.
    public var planned: Instance { Instance(planned: self) }

    func encode(to form: inout QueryForm) {
        form.set("ImageId", imageID)
        form.set("InstanceType", instanceType)
        form.set("MinCount", 1)
        form.set("MaxCount", 1)
        form.set("KeyName", keyName)
        form.set("NetworkInterface.1.DeviceIndex", 0)
        form.set("NetworkInterface.1.SubnetId", subnetID)
        form.set(list: "NetworkInterface.1.SecurityGroupId", securityGroupIDs)
        form.set("NetworkInterface.1.AssociatePublicIpAddress", associatePublicIPAddress)
        form.set("NetworkInterface.1.DeleteOnTermination", true)
        form.set("IamInstanceProfile.Name", iamInstanceProfileName)
        form.set("UserData", Base64.encode(userData))
        for (index, mapping) in blockDeviceMappings.enumerated() {
            mapping.encode(at: "BlockDeviceMapping.\(index + 1)", to: &form)
        }
        form.set("MetadataOptions.HttpTokens", "required")
        form.set("MetadataOptions.HttpEndpoint", "enabled")
        form.set("ClientToken", clientToken)
        if isSpot {
            form.set("InstanceMarketOptions.MarketType", "spot")
            form.set("InstanceMarketOptions.SpotOptions.SpotInstanceType", "one-time")
        }
        form.set(tags, on: "instance", "volume", "network-interface")
        form.setDryRun(dryRun)
    }

    static func decode(_ answer: XMLElement) throws -> Instance {
        guard let instance = answer.list("instancesSet").first else {
            throw MalformedAnswer(reason: "there is no instance in it", start: "")
        }
        return try Instance(instance)
    }
}
