import AWS
import ChainKit

/// All that a RunInstances call is made of, but for the zone.
struct LaunchCall: Sendable {
    var request: LaunchRequest
    var userData: [UInt8]
    var image: BootImage
    var groups: [SecurityGroupID]
    var vpc: VPCID
    var gone: [String]
    /// True when the node starts on a volume that exists: it is attached once the machine runs.
    var hasVolume: Bool

    /// The call for one zone.
    /// - Parameter generation: counts up where AWS remembers the token for an instance that is gone.
    func operation(in subnet: Subnet, generation: Int) -> RunInstances {
        let network = request.network.names
        let tags = Tags.ofNode(
            request.name, network: network.network, chain: request.profile.target.description)
        return RunInstances(
            imageID: image.id, instanceType: request.instanceType.rawValue, keyName: network.keyPair,
            subnetID: subnet.id, securityGroupIDs: groups, associatePublicIPAddress: true,
            iamInstanceProfileName: network.role, userData: userData, blockDeviceMappings: volumes,
            clientToken: ClientToken.of(
                "launch", vpc.rawValue, request.name, subnet.availabilityZone, gone.joined(separator: " "),
                String(generation)),
            tags: tags, isSpot: request.isSpot)
    }

    /// The root volume goes with the instance, the data volume stays: it holds days of syncing. Whether they are encrypted
    /// is the account's choice (EBS encryption by default).
    private var volumes: [BlockDeviceMapping] {
        let disk = request.disk
        let root = BlockDeviceMapping(
            deviceName: image.rootDeviceName, volumeSize: max(Launch.rootSizeGiB, image.rootSizeGiB),
            volumeType: "gp3", deleteOnTermination: true)
        // EC2 takes a rate only beside the snapshot that it is meant for.
        let data = BlockDeviceMapping(
            deviceName: Launch.dataDevice, volumeSize: max(disk.sizeGiB, image.dataSizeGiB), volumeType: disk.type,
            iops: disk.iops, throughput: disk.throughputMiBps, snapshotID: image.dataSnapshot,
            volumeInitializationRate: image.dataSnapshot == nil ? nil : request.initializationRate,
            deleteOnTermination: false)
        return hasVolume ? [root] : [root, data]
    }
}

/// What the machine boots, and what its data volume is made from.
struct BootImage: Sendable {
    var id: ImageID
    var rootDeviceName: String
    var rootSizeGiB: Int
    /// The snapshot that the data volume is made from; nil where it is made empty.
    var dataSnapshot: SnapshotID?
    var dataSizeGiB = 0

    /// A system without data.
    init(_ image: Image) {
        id = image.id
        rootDeviceName = image.rootDeviceName
        rootSizeGiB = image.rootSizeGiB
    }

    /// A node's image.
    init(_ image: NodeImage) {
        id = image.imageID
        rootDeviceName = image.rootDevice
        rootSizeGiB = image.rootVolume?.sizeGiB ?? 0
        dataSnapshot = image.dataVolume?.snapshot.map(SnapshotID.init(rawValue:))
        dataSizeGiB = image.dataVolume?.sizeGiB ?? 0
    }
}
