public import AWS
public import ChainKit

/// A node that is wanted.
public struct LaunchRequest: Sendable {
    /// What it runs.
    public var profile: any ChainProfile
    /// Its name, unique in the region.
    public var name: String
    /// The network that it lives in.
    public var network: NetworkRequest
    /// The processor architecture.
    public var architecture: Architecture
    /// The instance type.
    public var instanceType: InstanceType
    /// The availability zone; nil takes the first that has capacity.
    public var zone: String?
    /// The data volume, where a new one is made.
    public var disk: Disk
    /// Where the node's data is.
    public var data: DataSource
    /// The image that a new data volume comes from.
    public var image: ImageChoice
    /// Another region: an image of there is copied where this one has none; nil looks nowhere else.
    public var copyImageFrom: String?
    /// MiB/s, 100 to 300, at which AWS fills a data volume that comes from an image, for a one-time charge; nil leaves the pace
    /// to AWS.
    public var initializationRate: Int?
    /// True for a spot instance: cheaper, and AWS may take it back. The data volume stays.
    public var isSpot: Bool
    /// A place of the user's own instead of the network's.
    public var place: Place

    /// A data volume.
    public struct Disk: Sendable {
        /// Size, GiB.
        public var sizeGiB: Int
        /// `gp3`, `gp2`, `io1`, `io2`.
        public var type: String
        /// I/O operations a second; nil where the type does not take it.
        public var iops: Int?
        /// MiB/s; nil where the type does not take it.
        public var throughputMiBps: Int?

        /// A data volume from its parts.
        public init(sizeGiB: Int, type: String = "gp3", iops: Int? = nil, throughputMiBps: Int? = nil) {
            self.sizeGiB = sizeGiB
            self.type = type
            self.iops = iops
            self.throughputMiBps = throughputMiBps
        }
    }

    /// Where a node's data is.
    public enum DataSource: Sendable {
        /// On the volume that was kept of a node of that name, else on a new one.
        case keptOrNew
        /// On a new volume in any case.
        case new
        /// On this volume, which is never formatted.
        case volume(VolumeID)
    }

    /// Parts that the user names instead of the network's own. They are used as they are and never changed.
    public struct Place: Sendable {
        /// The VPC; its subnets are taken by zone.
        public var vpc: VPCID?
        /// The subnet; it tells VPC and zone.
        public var subnet: SubnetID?
        /// The security group, instead of both of ours.
        public var securityGroup: SecurityGroupID?
        /// True when the network's own VPC is used.
        public var isNetwork: Bool { vpc == nil && subnet == nil }

        /// A place from its parts; all nil is the network's own.
        public init(vpc: VPCID? = nil, subnet: SubnetID? = nil, securityGroup: SecurityGroupID? = nil) {
            self.vpc = vpc
            self.subnet = subnet
            self.securityGroup = securityGroup
        }
    }

    /// A request from its parts.
    public init(
        profile: any ChainProfile, name: String, network: NetworkRequest, architecture: Architecture,
        instanceType: InstanceType, zone: String? = nil, disk: Disk, data: DataSource = .keptOrNew,
        image: ImageChoice = .newest, copyImageFrom: String? = nil, initializationRate: Int? = nil,
        isSpot: Bool = false, place: Place = Place()
    ) {
        self.profile = profile
        self.name = name
        self.network = network
        self.architecture = architecture
        self.instanceType = instanceType
        self.zone = zone
        self.disk = disk
        self.data = data
        self.image = image
        self.copyImageFrom = copyImageFrom
        self.initializationRate = initializationRate
        self.isSpot = isSpot
        self.place = place
    }
}

extension LaunchRequest {
    /// Refuses what could only fail later, before anything is sent.
    /// - Throws: `Problem` of kind `usage`.
    public func validate() throws {
        try NodeName.validate(name)
        if case .mustNotRun(let reason) = profile.validity {
            throw Problem("\(profile.target) must not be launched", cause: reason, kind: .refused)
        }
        guard disk.sizeGiB >= profile.disk.usedGiB else {
            throw Problem(
                "\(disk.sizeGiB) GiB cannot hold \(profile.target)",
                cause: "the chain takes \(profile.disk.usedGiB) GiB (\(profile.disk.asOf))",
                fix: "leave --disk-size out for \(profile.disk.sizeGiB) GiB", kind: .usage)
        }
        try disk.validate(initializationRate: initializationRate)
    }
}

extension LaunchRequest.Disk {
    /// EbsBlockDevice's VolumeInitializationRate, MiB/s.
    private static let initializationRates = 100...300

    fileprivate func validate(initializationRate: Int?) throws {
        guard let limits = VolumeType.named(type) else {
            throw Problem(
                "'\(type)' is no volume type for a node", cause: "a chain's database wants an SSD",
                fix: "choose \(VolumeType.names.joined(separator: ", "))", kind: .usage)
        }
        try check("--disk-size", sizeGiB, "GiB", limits.size)
        try check("--iops", iops, "operations a second", limits.iops)
        try check("--throughput", throughputMiBps, "MiB/s", limits.throughput)
        try check("--initialization-rate", initializationRate, "MiB/s", Self.initializationRates)
        if iops == nil, type.hasPrefix("io") {
            throw Problem(
                "\(type) volumes want --iops", fix: "add --iops NUMBER, or leave --volume-type out", kind: .usage)
        }
    }

    private func check(_ option: String, _ value: Int?, _ unit: String, _ range: ClosedRange<Int>?) throws {
        guard let value else { return }
        guard let range else { throw Problem("\(type) volumes take no \(option)", fix: "leave it out", kind: .usage) }
        guard range.contains(value) else {
            throw Problem(
                "\(option) \(value) is out of range",
                cause: "\(type) volumes take \(range.lowerBound) to \(range.upperBound) \(unit)",
                fix: "choose a number in that range", kind: .usage)
        }
    }
}

/// What a node may be called.
public enum NodeName {
    /// Letters, digits, dots, hyphens and underscores, 1 to 128, a letter or digit first: safe in tags, shells and files.
    /// - Throws: `Problem` of kind `usage`.
    public static func validate(_ name: String) throws {
        let isPlain = { (byte: UInt8) in
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        }
        let isAllowed = name.utf8.allSatisfy { isPlain($0) || [0x2D, 0x2E, 0x5F].contains($0) }
        guard let first = name.utf8.first, isPlain(first), isAllowed, name.utf8.count <= 128 else {
            throw Problem(
                "'\(name)' cannot be a node's name",
                cause: "names are 1 to 128 letters, digits, dots, hyphens and underscores, a letter or digit first",
                fix: "choose another with --name", kind: .usage)
        }
    }
}
