import AWS

/// Values with all that a form has to encode.
private let filters = [
    Filter("tag:cloudrails:network", ["blockchain-nodes", "a b+c&d=e%/~*'()"]), Filter("tag-key", ["ünï ☃"]),
]
private let tags = [Tag("Name", "blockchain nodes & more"), Tag("cloudrails:network", "ünï=☃+%20")]

/// What a rule can let in: ports with and without a word about them, and everything.
private let permissions = [
    IPPermission(
        ipProtocol: "tcp", fromPort: 30303, toPort: 30304,
        ipRanges: [
            IPRange(cidrIP: "0.0.0.0/0", description: "peers (p2p), all"),
            IPRange(cidrIP: "10.1.0.0/16", description: nil),
        ]),
    IPPermission(
        ipProtocol: "-1", fromPort: nil, toPort: nil, ipRanges: [IPRange(cidrIP: "203.0.113.7/32", description: nil)]),
]

/// Every volume type, with and without the figures that it can have.
private let volumes = [
    BlockDeviceMapping(deviceName: "/dev/sda1", volumeSize: 8, volumeType: "gp2", deleteOnTermination: true),
    BlockDeviceMapping(
        deviceName: "/dev/xvdf", volumeSize: 2_000, volumeType: "gp3", iops: 16_000, throughput: 1_000,
        snapshotID: "snap-0123456789abcdef0", volumeInitializationRate: 300, deleteOnTermination: false),
    BlockDeviceMapping(
        deviceName: "/dev/xvdg", volumeSize: 100, volumeType: "io2", iops: 3_000, deleteOnTermination: false),
    BlockDeviceMapping(
        deviceName: "/dev/xvdh", volumeSize: 100, volumeType: "io1", iops: 100, deleteOnTermination: true),
    BlockDeviceMapping(deviceName: "/dev/xvdi", volumeSize: 125, volumeType: "st1", deleteOnTermination: true),
    BlockDeviceMapping(deviceName: "/dev/xvdj", volumeSize: 125, volumeType: "sc1", deleteOnTermination: true),
]

private func launch(
    _ volumes: [BlockDeviceMapping], groups: [SecurityGroupID], isPublic: Bool, isSpot: Bool
) -> RunInstances {
    RunInstances(
        imageID: "ami-0123456789abcdef0", instanceType: "m7g.xlarge", keyName: "blockchain-nodes-keypair",
        subnetID: "subnet-0123456789abcdef0", securityGroupIDs: groups, associatePublicIPAddress: isPublic,
        iamInstanceProfileName: "blockchain-node-role",
        userData: Array("#!/bin/bash\necho \"ünï\"\n".utf8) + [0, 0xFF],
        blockDeviceMappings: volumes, clientToken: "launch-0123456789", tags: tags, isSpot: isSpot)
}

let ec2Samples: [any AWSOperation] = instanceSamples + imageSamples + volumeSamples + networkSamples + securitySamples

private let instanceSamples: [any AWSOperation] = [
    DescribeInstances(),
    DescribeInstances(instanceIDs: ["i-1", "i-2"], filters: filters, maxResults: 1_000),
    DescribeInstanceTypes(),
    DescribeInstanceTypes(instanceTypes: ["m7g.xlarge", "i4g.2xlarge"], filters: filters),
    DescribeInstanceTypeOfferings(locationType: "region"),
    DescribeInstanceTypeOfferings(locationType: "availability-zone", filters: filters),
    DescribeInstanceTypeOfferings(locationType: "availability-zone-id", filters: filters),
    RunInstances(
        imageID: "ami-1", instanceType: "t3.micro", keyName: "k", subnetID: "subnet-1", securityGroupIDs: ["sg-1"],
        associatePublicIPAddress: false, iamInstanceProfileName: "p", userData: [], blockDeviceMappings: [],
        clientToken: "t", tags: [], isSpot: false),
    launch(volumes, groups: ["sg-1", "sg-2"], isPublic: true, isSpot: false),
    launch(volumes, groups: ["sg-1"], isPublic: true, isSpot: true),
    TerminateInstances(instanceIDs: ["i-1", "i-2"]),
    ModifyInstanceAttribute(instanceID: "i-1", deviceName: "/dev/xvdf", deleteOnTermination: true),
    ModifyInstanceAttribute(instanceID: "i-1", deviceName: "/dev/xvdf", deleteOnTermination: false),
    GetConsoleOutput(instanceID: "i-0123456789abcdef0"),
    GetConsoleOutput(instanceID: "i-1", latest: true),
    ModifyInstanceAttribute(instanceID: "i-1", instanceType: "m7g.2xlarge"),
    StartInstances(instanceIDs: ["i-1", "i-2"]),
    StopInstances(instanceIDs: ["i-1", "i-2"]),
    RebootInstances(instanceIDs: ["i-1", "i-2"]),
    CreateTags(resources: ["vol-1", "snap-1"], tags: tags),
]

private let imageSamples: [any AWSOperation] = [
    DescribeImages(owners: ["self"]),
    DescribeImages(owners: ["099720109477", "self"], imageIDs: ["ami-1", "ami-2"], filters: filters),
    CreateImage(instanceID: "i-1", name: "abc", description: "", tags: []),
    CreateImage(
        instanceID: "i-0123456789abcdef0",
        name: "cloudrails/bitcoin.org/signet/h000000232000/31.1/20261124T1005Z-arm64@a",
        description: "cloudrails bitcoin.org/signet height=232000", tags: tags),
    DescribeImageReferences(imageIDs: ["ami-1", "ami-2"]),
    CopyImage(
        sourceImageID: "ami-1", sourceRegion: "us-east-2", name: "cloudrails/a/b", description: "", clientToken: "t",
        tags: []),
    CopyImage(
        sourceImageID: "ami-1", sourceRegion: "us-east-2", name: "cloudrails/a/b", description: "Geth, ünï & more",
        clientToken: "copy-0123456789", tags: tags),
    DeregisterImage(imageID: "ami-1", deleteAssociatedSnapshots: true),
    DeregisterImage(imageID: "ami-1", deleteAssociatedSnapshots: false),
    DescribeImageAttribute(imageID: "ami-1"),
    ModifyImageAttribute(imageID: "ami-1", operationType: .add, userGroups: ["all"]),
    ModifyImageAttribute(imageID: "ami-1", operationType: .remove, userIDs: ["111122223333", "444455556666"]),
    DescribeSnapshotAttribute(snapshotID: "snap-1"),
    ModifySnapshotAttribute(snapshotID: "snap-1", operationType: .add, groupNames: ["all"]),
    ModifySnapshotAttribute(
        snapshotID: "snap-1", operationType: .remove, userIDs: ["111122223333", "444455556666"]),
    EnableImageDeprecation(imageID: "ami-1", deprecateAt: "2027-01-31T00:00:00Z"),
    DisableImageDeprecation(imageID: "ami-1"),
    GetImageBlockPublicAccessState(),
    GetSnapshotBlockPublicAccessState(),
]

private let volumeSamples: [any AWSOperation] = [
    DescribeVolumes(),
    DescribeVolumes(filters: filters),
    DescribeVolumeStatus(volumeIDs: []),
    DescribeVolumeStatus(volumeIDs: ["vol-1", "vol-2"]),
    DeleteVolume(volumeID: "vol-1"),
    AttachVolume(volumeID: "vol-1", instanceID: "i-1", device: "/dev/xvdf"),
    DetachVolume(volumeID: "vol-1", instanceID: "i-1"),
    DescribeVolumesModifications(),
    DescribeVolumesModifications(filters: filters),
    ModifyVolume(volumeID: "vol-1", size: 2_000),
    DescribeSnapshots(),
    DescribeSnapshots(filters: filters),
    DeleteSnapshot(snapshotID: "snap-1"),
    CreateSnapshot(volumeID: "vol-1", description: "", tags: []),
    CreateSnapshot(volumeID: "vol-1", description: "bitcoin.org/signet of a node", tags: tags),
]

private let networkSamples: [any AWSOperation] = [
    DescribeAvailabilityZones(),
    DescribeAvailabilityZones(filters: filters),
    DescribeRegions(),
    DescribeVpcs(),
    DescribeVpcs(filters: filters),
    CreateVpc(cidrBlock: "10.1.0.0/16", tags: []),
    CreateVpc(cidrBlock: "10.1.0.0/16", tags: tags),
    DeleteVpc(vpcID: "vpc-1"),
    DescribeSubnets(),
    DescribeSubnets(filters: filters),
    CreateSubnet(vpcID: "vpc-1", cidrBlock: "10.1.1.0/24", availabilityZone: "us-east-2a", tags: tags),
    DeleteSubnet(subnetID: "subnet-1"),
    DescribeInternetGateways(),
    DescribeInternetGateways(filters: filters),
    CreateInternetGateway(tags: tags),
    AttachInternetGateway(internetGatewayID: "igw-1", vpcID: "vpc-1"),
    DetachInternetGateway(internetGatewayID: "igw-1", vpcID: "vpc-1"),
    DeleteInternetGateway(internetGatewayID: "igw-1"),
    DescribeRouteTables(),
    DescribeRouteTables(filters: filters),
    CreateRouteTable(vpcID: "vpc-1", clientToken: "table-0123456789", tags: tags),
    CreateRoute(routeTableID: "rtb-1", destinationCidrBlock: "0.0.0.0/0", gatewayID: "igw-1"),
    AssociateRouteTable(routeTableID: "rtb-1", subnetID: "subnet-1"),
    DeleteRouteTable(routeTableID: "rtb-1"),
    DescribeVpcEndpoints(),
    DescribeVpcEndpoints(filters: filters),
    CreateVpcEndpoint(
        vpcID: "vpc-1", serviceName: "com.amazonaws.us-east-2.s3", routeTableIDs: ["rtb-1", "rtb-2"],
        clientToken: "endpoint-0123456789", tags: tags),
    DeleteVpcEndpoints(vpcEndpointIDs: ["vpce-1", "vpce-2"]),
    DescribeNetworkInterfaces(),
    DescribeNetworkInterfaces(filters: filters),
]

private let securitySamples: [any AWSOperation] = [
    DescribeSecurityGroups(),
    DescribeSecurityGroups(filters: filters),
    CreateSecurityGroup(
        groupName: "blockchain-nodes-sg", description: "Blockchain nodes: peers & SSH", vpcID: "vpc-1", tags: tags),
    AuthorizeSecurityGroupIngress(groupID: "sg-1", ipPermissions: permissions),
    RevokeSecurityGroupIngress(groupID: "sg-1", ipPermissions: permissions),
    DeleteSecurityGroup(groupID: "sg-1"),
    DescribeKeyPairs(),
    DescribeKeyPairs(filters: filters),
    ImportKeyPair(
        keyName: "blockchain-nodes-keypair", publicKeyMaterial: "ssh-rsa AAAA+/= blockchain-nodes-keypair", tags: tags),
    DeleteKeyPair(keyPairID: "key-1"),
]
