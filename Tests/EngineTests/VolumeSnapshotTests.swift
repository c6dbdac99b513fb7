import Testing

@testable import AWS
@testable import Engine

/// What becomes of a mark that an earlier run left on the volume, as every run with `--no-wait` does.
@Suite struct VolumeSnapshotTests {
    private static let tags = """
        <tagSet><item><key>cloudrails:node</key><value>n</value></item>\
        <item><key>cloudrails:snapshot</key><value>word</value></item></tagSet>
        """
    private static let volume = """
        <item><volumeId>vol-1</volumeId><size>100</size><status>available</status><volumeType>gp3</volumeType>\(tags)</item>
        """

    private func snapshot(_ id: String, _ state: String, age: Double) -> String {
        let start = Timestamp.text(Timestamp.now() - age)
        return "<snapshotId>\(id)</snapshotId><volumeId>vol-1</volumeId><status>\(state)</status>"
            + "<startTime>\(start)</startTime>\(Self.tags)"
    }

    private func run(_ state: String, age: Double) async throws -> (snapshot: VolumeSnapshot, aws: FakeAWS) {
        let aws = FakeAWS()
        aws.always(DescribeVolumes.self, .answer("<R><volumeSet>\(Self.volume)</volumeSet></R>"))
        let left = "<item>\(snapshot("snap-1", state, age: age))</item>"
        aws.always(DescribeSnapshots.self, .answer("<R><snapshotSet>\(left)</snapshotSet></R>"))
        aws.always(CreateTags.self, .answer("<R><return>true</return></R>"))
        aws.always(CreateSnapshot.self, .answer("<R>\(snapshot("snap-2", "pending", age: 0))</R>"))
        let environment = Environment(aws: aws, region: "us-east-2", patience: .quick)
        let volume = try #require(try DataVolume(Volume(.parse(Array(Self.volume.utf8)))))
        return (try await environment.snapshot(volume, wantsAnother: false), aws)
    }

    /// Yesterday's is not what is asked for today: another one is made, under a word of its own.
    @Test func oneThatIsCompleteForLongIsNotTakenUp() async throws {
        let (made, aws) = try await run("completed", age: 86_400)
        #expect(made.id == "snap-2" && made.isNew)
        let mark = try #require(aws.calls.first { $0.action == "CreateTags" }?.parameters["Tag.1.Value"])
        let words = try #require(aws.calls.first { $0.action == "CreateSnapshot" }?.parameters)
        #expect(mark != "word" && words.values.contains(mark))
    }

    /// The first snapshot of a large volume takes hours.
    @Test(arguments: [("pending", 86_400.0), ("pending", 60), ("completed", 60)])
    func oneThatGoesOnOrIsYoungIsTakenUp(state: String, age: Double) async throws {
        let (found, aws) = try await run(state, age: age)
        #expect(found.id == "snap-1" && !found.isNew)
        #expect(!aws.actions.contains("CreateSnapshot") && !aws.actions.contains("CreateTags"))
    }
}
