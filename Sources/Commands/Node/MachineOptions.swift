import AWS
import ChainKit
import CommandLineKit
import Engine

/// Where a node runs and on what.
struct MachineOptions: OptionGroupArguments {
    @Option(help: "The availability zone. Default: the first with capacity.", valueName: "zone")
    var zone: String?

    @Option(help: "The instance type. Default: the chain's own.", valueName: "type")
    var instanceType: String?

    @Option(help: "The processor architecture. Default: the chain's own.", valueName: "arch")
    var arch: Architecture?

    @Option(
        help: "Start on this data volume, in its zone. What is on it is never formatted.", valueName: "id",
        completion: .custom("volumes"))
    var volume: String?

    @Flag(help: "Start on a new data volume, even if one was kept of a node of that name.")
    var newVolume: Bool = false

    @Option(help: "Size of the data volume, GiB. Default: the chain's own, or its image's.", valueName: "gib")
    var diskSize: Int?

    @Option(help: "Type of the data volume. Default: gp3.", valueName: "type")
    var volumeType: DataVolumeType?

    @Option(help: "I/O operations a second of the data volume.", valueName: "number")
    var iops: Int?

    @Option(help: "Throughput of the data volume, MiB/s.", valueName: "mib")
    var throughput: Int?

    @Flag(help: "A spot instance: cheaper, and AWS may take it back. The data volume stays.")
    var spot: Bool = false

    @Option(help: "A VPC of your own, instead of the network's.", valueName: "id")
    var vpc: String?

    @Option(help: "A subnet of your own, instead of the network's.", valueName: "id")
    var subnet: String?

    @Option(help: "A security group of your own, instead of the network's.", valueName: "id")
    var securityGroup: String?

    init() {}

    /// Refuses what names no machine, and to describe a new volume where one is named that exists.
    func validate() throws {
        if let instanceType { try MachineName.validate(instanceType: instanceType) }
        if let zone { try MachineName.validate(zone: zone) }
        guard volume != nil else { return }
        if newVolume { throw UsageError("--new-volume contradicts --volume") }
        if describesVolume {
            throw UsageError(
                "--disk-size, --volume-type, --iops and --throughput describe a new volume",
                fix: "leave them out with --volume; 'cloudrails volume grow' makes a volume larger")
        }
    }

    /// True when the user said what a new volume is to be like.
    var describesVolume: Bool { diskSize != nil || volumeType != nil || iops != nil || throughput != nil }

    /// The launch that the options describe.
    func request(_ profile: any ChainProfile, name: String) throws -> LaunchRequest {
        let architecture = arch ?? profile.architecture
        guard let own = profile.instanceTypes[architecture] else {
            let offered = profile.instanceTypes.keys.map(\.rawValue).sorted().joined(separator: ", ")
            throw Problem(
                "\(profile.target) does not run on \(architecture.rawValue)", cause: "its clients exist for \(offered)",
                fix: "leave --arch out", kind: .usage)
        }
        return LaunchRequest(
            profile: profile, name: name, network: NetworkRequest(keyFile: ""), architecture: architecture,
            instanceType: instanceType.map(InstanceType.init(rawValue:)) ?? own, zone: zone, disk: disk(profile),
            data: try dataSource(), isSpot: spot, place: try place())
    }

    private func dataSource() throws -> LaunchRequest.DataSource {
        if let volume { return .volume(try VolumeName.id(volume)) }
        return newVolume ? .new : .keptOrNew
    }

    /// The chain's I/O figures are gp3's; another type takes only what the user says.
    private func disk(_ profile: any ChainProfile) -> LaunchRequest.Disk {
        let type = volumeType ?? .gp3
        let isGP3 = type == .gp3
        return LaunchRequest.Disk(
            sizeGiB: diskSize ?? profile.disk.sizeGiB, type: type.rawValue,
            iops: iops ?? (isGP3 ? profile.disk.iops : nil),
            throughputMiBps: throughput ?? (isGP3 ? profile.disk.throughputMiBps : nil))
    }

    private func place() throws -> LaunchRequest.Place {
        LaunchRequest.Place(
            vpc: try Self.id(vpc, "vpc-", "--vpc"), subnet: try Self.id(subnet, "subnet-", "--subnet"),
            securityGroup: try Self.id(securityGroup, "sg-", "--security-group"))
    }

    private static func id<Resource>(_ text: String?, _ prefix: String, _ option: String) throws -> ResourceID<
        Resource
    >? {
        guard let text else { return nil }
        let digits = text.dropFirst(prefix.count)
        guard text.hasPrefix(prefix), (8...17).contains(digits.count), digits.allSatisfy(\.isHexDigit) else {
            throw Problem(
                "'\(text)' is no id for \(option)", fix: "write one like \(prefix)0123456789abcdef0", kind: .usage)
        }
        return ResourceID(rawValue: text)
    }
}
