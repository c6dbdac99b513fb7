import ChainKit
import Testing

@testable import AWS
@testable import Engine

@Suite struct NodeImageTests {
    private let signet = Target(id: "bitcoin.org", node: "signet")

    /// An image as DescribeImages shows it.
    private func item(
        _ id: String, height: Int = 232_000, made: String = "20261124T1005Z", architecture: String = "arm64",
        state: String = "available", owner: String = "111122223333", description: String = "",
        tags: [String: String] = [:], deprecated: String? = nil, name: String? = nil
    ) -> String {
        let digits = String(repeating: "0", count: 12 - "\(height)".count) + "\(height)"
        let pairs = tags.map { "<item><key>\($0.key)</key><value>\($0.value)</value></item>" }.joined()
        return """
            <item><imageId>\(id)</imageId><imageOwnerId>\(owner)</imageOwnerId><imageState>\(state)</imageState>
            <name>\(name ?? "cloudrails/bitcoin.org/signet/h\(digits)/31.1/\(made)-\(architecture)")</name>
            <description>\(description)</description><isPublic>true</isPublic><rootDeviceName>/dev/sda1</rootDeviceName>
            \(deprecated.map { "<deprecationTime>\($0)</deprecationTime>" } ?? "")
            <blockDeviceMapping>
            <item><deviceName>/dev/sda1</deviceName><ebs><snapshotId>snap-1</snapshotId><volumeSize>8</volumeSize></ebs></item>
            <item><deviceName>/dev/xvdf</deviceName><ebs><snapshotId>snap-2</snapshotId><volumeSize>100</volumeSize></ebs></item>
            <item><deviceName>/dev/sdb</deviceName><virtualName>ephemeral0</virtualName></item>
            </blockDeviceMapping><tagSet>\(pairs)</tagSet></item>
            """
    }

    private func images(_ items: String..., trusted: [String] = ["999988887777"]) async throws -> [NodeImage] {
        let aws = FakeAWS()
        aws.expect(
            DescribeImages.self,
            .answer("<DescribeImagesResponse><imagesSet>\(items.joined())</imagesSet></DescribeImagesResponse>"))
        var environment = Environment(aws: aws, region: "us-east-2")
        environment.trustedOwners = trusted
        let found = try await environment.images(of: signet)
        // The owners are named in every question.
        #expect(aws.calls.first?.parameters["Owner.1"] == "self")
        #expect(aws.calls.first?.parameters["Owner.2"] == trusted.first)
        #expect(aws.calls.first?.parameters["Filter.1.Value.1"] == "cloudrails/bitcoin.org/signet/*")
        return found
    }

    private let described =
        "cloudrails bitcoin.org/signet height=232000 hash=00ab client=bitcoin-core 31.1 consistency=clean"

    @Test func tagsOfOursCountAndElseTheDescription() async throws {
        let tags = [Tags.node: "n", Tags.hash: "00cd", Tags.client: "bitcoin-core 30", Tags.consistency: "crash"]
        let ours = try #require(try await images(item("ami-1", description: described, tags: tags)).first)
        #expect((ours.hash, ours.client, ours.consistency) == ("00cd", "bitcoin-core 30", .crash))
        #expect(ours.isOwn && ours.isOurs && ours.isGood && ours.made == "2026-11-24T10:05Z")
        #expect(ours.snapshots == ["snap-1", "snap-2"] && ours.sizeGiB == 108 && ours.monthlyUSDAtMost == 5.4)
        #expect(ours.rootVolume?.snapshot == "snap-1" && ours.dataVolume?.sizeGiB == 100)
        let theirs = try #require(
            try await images(item("ami-2", owner: "999988887777", description: described)).first)
        #expect((theirs.hash, theirs.client, theirs.consistency) == ("00ab", "bitcoin-core 31.1", .clean))
        #expect(!theirs.isOwn && !theirs.isOurs && theirs.isGood && theirs.monthlyUSDAtMost == nil)
    }

    @Test func anImageThatSaysNothingIsNotGood() async throws {
        let image = try #require(try await images(item("ami-1")).first)
        #expect(
            image.consistency == nil && image.hash == nil && image.client == "31.1" && !image.isGood && !image.isOurs)
    }

    @Test func othersAreNone() async throws {
        #expect(try await images(item("ami-1", name: "cloudrails/bitcoin.org/signet/latest")).isEmpty)
    }

    @Test func theHighestGoodBlockWinsThenTheYoungest() async throws {
        let found = try await images(
            item("ami-1", description: described), item("ami-2", made: "20261125T1005Z", description: described),
            item("ami-3", height: 231_000, made: "20261126T1005Z", description: described),
            item("ami-4", height: 240_000, state: "pending", description: described),
            item("ami-5", height: 240_000), item("ami-6", height: 240_000, tags: [Tags.consistency: "sealing"]),
            item("ami-7", height: 240_000, description: described, deprecated: "2026-01-01T00:00:00.000Z"),
            item("ami-8", height: 233_000, architecture: "x86_64", description: described))
        #expect(found.newest(of: signet, .arm64)?.id == "ami-2")
        #expect(found.newest(of: signet)?.id == "ami-8")
        #expect(found.newest(of: Target(id: "bitcoin.org", node: "mainnet")) == nil)
        #expect(found.map(\.height) == [240_000, 240_000, 240_000, 240_000, 233_000, 232_000, 232_000, 231_000])
    }

    @Test func ageIsInWholeDays() async throws {
        let image = try #require(try await images(item("ami-1")).first)
        let made = try #require(Timestamp.seconds("2026-11-24T10:05:00Z"))
        #expect(image.ageDays(now: made + 86_399) == 0 && image.ageDays(now: made + 86_400) == 1)
        #expect(image.ageDays(now: made - 5) == 0)
    }

    @Test(arguments: ["ami-0123456789abcdef0", "ami-12345678", "cloudrails/a/b/h000000000001/1/20261124T1000Z-arm64"])
    func idsAndNamesAreTaken(text: String) throws { try ImageHandle.validate(text) }

    @Test(arguments: [
        "", "ami-", "ami-1234567G", "ami-0123456789abcdef01", "snap-12345678", "cloudrails/a/b", "my-image",
    ])
    func otherWordsAreRefused(text: String) {
        #expect { try ImageHandle.validate(text) } throws: { ($0 as? Problem)?.kind == .usage }
    }
}
