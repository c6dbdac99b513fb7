import AWS
import ChainKit

/// All that a RunInstances call is made of, but for the zone.
struct LaunchCall: Sendable {
    var request: LaunchRequest
    var userData: [UInt8]
    var image: Image
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
        let data = BlockDeviceMapping(
            deviceName: Launch.dataDevice, volumeSize: disk.sizeGiB, volumeType: disk.type, iops: disk.iops,
            throughput: disk.throughputMiBps, deleteOnTermination: false)
        return hasVolume ? [root] : [root, data]
    }
}
