import ChainKit
import Testing

@testable import AWS
@testable import Engine

/// Which image a launch starts from, and what it makes of it, by script.
@Suite(.timeLimit(.minutes(1))) struct LaunchImageTests {
    private let aws = FakeAWS.emptyAccount()
    private let folder: TestFolder
    private var request: LaunchRequest

    init() throws {
        folder = try TestFolder()
        request = LaunchRequest(
            profile: TestProfile(), name: "my-node", network: NetworkRequest(keyFile: folder.file("k.pem")),
            architecture: .arm64, instanceType: "t4g.large", disk: .init(sizeGiB: 100))
    }

    private struct Made {
        var id = "ami-1"
        var height = 100
        var owner = "1"
        var state = "available"
        var consistency = "clean"
        var architecture = Architecture.arm64
        var target = "example.org/testnet"
        var hasData = true

        var xml: String {
            let data = """
                <item><deviceName>/dev/xvdf</deviceName><ebs><snapshotId>snap-\(id)</snapshotId><volumeSize>300</volumeSize>\
                </ebs></item>
                """
            let digits = String(repeating: "0", count: 12 - "\(height)".count) + "\(height)"
            return """
                <item><imageId>\(id)</imageId><imageOwnerId>\(owner)</imageOwnerId><imageState>\(state)</imageState>\
                <name>cloudrails/\(target)/h\(digits)/1.0/20261120T1000Z-\(architecture.rawValue)</name>\
                <architecture>\(architecture.rawValue)</architecture><rootDeviceName>/dev/sda1</rootDeviceName>\
                <blockDeviceMapping><item><deviceName>/dev/sda1</deviceName><ebs><snapshotId>snap-r</snapshotId>\
                <volumeSize>40</volumeSize></ebs></item>\(hasData ? data : "")</blockDeviceMapping>\
                <tagSet><item><key>cloudrails:consistency</key><value>\(consistency)</value></item></tagSet></item>
                """
        }
    }

    private func images(_ made: [Made]) {
        aws.always(DescribeImages.self, .answer("<R><imagesSet>\(made.map(\.xml).joined())</imagesSet></R>"))
    }

    private func environment(trusting owners: [String] = []) -> Environment {
        var environment = Environment(aws: aws, region: "us-east-2", patience: .quick)
        environment.trustedOwners = owners
        return environment
    }

    private func chosen(
        _ made: [Made], _ choice: ImageChoice = .newest, trusting: [String] = []
    ) async throws -> String? {
        images(made)
        var asked = request
        asked.image = choice
        return try await environment(trusting: trusting).survey(asked).image?.id
    }

    private func problem(_ made: [Made], _ choice: ImageChoice) async throws -> Problem? {
        await #expect(throws: Problem.self) { try await chosen(made, choice) }
    }

    private var lookups: [[String: String]] {
        aws.calls.filter { $0.action == "DescribeImages" }.map(\.parameters)
    }

    // MARK: which one

    @Test func theHighestGoodOneIsTaken() async throws {
        let all = [
            Made(id: "ami-1", height: 5), Made(id: "ami-2", height: 70, consistency: "crash"),
            Made(id: "ami-3", height: 6),
        ]
        #expect(try await chosen(all) == "ami-2")
        #expect(lookups.count == 1 && lookups[0]["Owner.1"] == "self" && lookups[0]["Owner.2"] == nil)
    }

    @Test func whatCannotBeTrustedOrLaunchedIsPassedOver() async throws {
        let wrong = [
            Made(state: "pending"), Made(consistency: "sealing"), Made(consistency: ""), Made(architecture: .x86),
            Made(target: "example.org/other"), Made(hasData: false), Made(owner: "2"),
        ]
        for one in wrong { #expect(try await chosen([one]) == nil, "\(one)") }
        #expect(try await chosen([Made(owner: "2")], trusting: ["2"]) == "ami-1")
        #expect(lookups.last?["Owner.2"] == "2")
    }

    @Test func theHighestUpToABlock() async throws {
        let all = [Made(id: "ami-1", height: 5), Made(id: "ami-2", height: 70)]
        #expect(try await chosen(all, .upTo(70)) == "ami-2")
        #expect(try await chosen(all, .upTo(69)) == "ami-1")
        let problem = try await problem(all, .upTo(4))
        #expect(problem?.kind == .usage && problem?.cause?.contains("70 (arm64, us-east-2), 5 (arm64") == true)
    }

    @Test func theOneThatWasNamed() async throws {
        let id = "ami-0123456789abcdef0"
        #expect(try await chosen([Made(id: id)], .named(id)) == id)
        #expect(lookups[0]["Filter.1.Value.1"] == id)
        #expect(
            try await problem([Made(id: id, target: "example.org/other")], .named(id))?.summary.contains("other")
                == true)
        #expect(
            try await problem([Made(id: id, architecture: .x86)], .named(id))?.fix?.contains("--arch x86_64") == true)
        #expect(try await problem([Made(id: id, state: "pending")], .named(id))?.cause == "it is pending")
        #expect(try await problem([Made(id: id, consistency: "sealing")], .named(id))?.kind == .usage)
    }

    /// An earlier run was left while it copied: the copy has the name, and cannot be launched yet.
    @Test func aCopyThatIsUnderWayIsTakenUp() async throws {
        let copying = "<R><imagesSet>\(Made(id: "ami-2", state: "pending").xml)</imagesSet></R>"
        images([Made(id: "ami-1")])
        aws.expect(DescribeImages.self, .answer(copying))
        var asked = request
        asked.image = .named("cloudrails/example.org/testnet/h000000000100/1.0/20261120T1000Z-arm64")
        asked.copyImageFrom = "eu-west-1"
        let image = try await environment().survey(asked).image
        #expect(image?.id == "ami-1" && image?.region == "eu-west-1")
        // Where it is not in the other region, it is no copy.
        images([])
        aws.expect(DescribeImages.self, .answer(copying))
        let problem = await #expect(throws: Problem.self) { try await environment().survey(asked) }
        #expect(problem?.cause == "it is pending")
    }

    @Test func aStrangersImageIsRefusedByItsOwner() async throws {
        let id = "ami-0123456789abcdef0"
        let problem = try await problem([Made(id: id, owner: "2")], .named(id))
        #expect(problem?.summary.contains("account 2") == true && problem?.fix?.contains("image trust 2") == true)
    }

    @Test func noneIsLookedForWhereNoneIsWanted() async throws {
        #expect(try await chosen([Made()], .fresh) == nil)
        #expect(lookups.isEmpty)
        aws.always(DescribeVolumes.self, .answer(Self.volume))
        var asked = request
        asked.data = .volume("vol-1")
        #expect(try await environment().survey(asked).image == nil)
        #expect(lookups.isEmpty)
    }

    private static let volume = """
        <R><volumeSet><item><volumeId>vol-1</volumeId><size>100</size><status>available</status>\
        <availabilityZone>us-east-2a</availabilityZone><tagSet><item><key>cloudrails:node</key><value>my-node</value></item>\
        <item><key>cloudrails:chain</key><value>example.org/testnet</value></item></tagSet></item></volumeSet></R>
        """

    @Test func aKeptVolumeGoesBeforeAnImage() async throws {
        images([Made()])
        aws.always(DescribeVolumes.self, .answer(Self.volume))
        let survey = try await environment().survey(request)
        #expect(survey.image == nil && survey.volume?.id == "vol-1" && survey.passedOver?.id == "ami-1")
    }

    // MARK: the call

    private func mappings(_ change: (inout LaunchRequest) -> Void = { _ in }) throws -> [String: String] {
        let image = try #require(
            NodeImage(Image(XMLElement.parse(Array(Made().xml.utf8))), region: "us-east-2", trusted: []))
        var asked = request
        change(&asked)
        let call = LaunchCall(
            request: asked, userData: [], image: BootImage(image), groups: [], vpc: "vpc-1", gone: [], hasVolume: false)
        let subnet = try Subnet(
            XMLElement.parse(Array("<s><subnetId>subnet-1</subnetId><vpcId>vpc-1</vpcId></s>".utf8)))
        guard case .form(let form) = call.operation(in: subnet, generation: 0).body() else { return [:] }
        return Dictionary(form.pairs.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
    }

    @Test func volumesAreMadeOfTheImage() throws {
        let form = try mappings()
        #expect(form["ImageId"] == "ami-1" && form["BlockDeviceMapping.1.Ebs.VolumeSize"] == "40")
        #expect(form["BlockDeviceMapping.1.Ebs.SnapshotId"] == nil)
        #expect(form["BlockDeviceMapping.2.DeviceName"] == "/dev/xvdf")
        #expect(form["BlockDeviceMapping.2.Ebs.SnapshotId"] == "snap-ami-1")
        #expect(form["BlockDeviceMapping.2.Ebs.VolumeSize"] == "300")
        #expect(form["BlockDeviceMapping.2.Ebs.VolumeInitializationRate"] == nil)
    }

    @Test func theyMayBeLargerAndFillFaster() throws {
        let form = try mappings {
            $0.disk.sizeGiB = 500
            $0.initializationRate = 250
        }
        #expect(form["BlockDeviceMapping.2.Ebs.VolumeSize"] == "500")
        #expect(form["BlockDeviceMapping.2.Ebs.VolumeInitializationRate"] == "250")
    }

    @Test(arguments: [99, 301])
    func ratesHaveLimits(rate: Int) {
        var asked = request
        asked.initializationRate = rate
        let problem = #expect(throws: Problem.self) { try asked.validate() }
        #expect(problem?.summary.contains("--initialization-rate") == true)
    }
}
