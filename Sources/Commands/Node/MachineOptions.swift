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

    @Option(help: "Size of the data volume, GiB. Default: the chain's own.", valueName: "gib")
    var diskSize: Int?

    @Option(help: "Type of the data volume.", valueName: "type")
    var volumeType: DataVolumeType = .gp3

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
            isSpot: spot, place: try place())
    }

    /// The chain's I/O figures are gp3's; another type takes only what the user says.
    private func disk(_ profile: any ChainProfile) -> LaunchRequest.Disk {
        let isGP3 = volumeType == .gp3
        return LaunchRequest.Disk(
            sizeGiB: diskSize ?? profile.disk.sizeGiB, type: volumeType.rawValue,
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
