import Testing

@testable import AWS
@testable import Engine

/// The end of a node that another run began: what was told to AWS then holds.
@Suite struct TerminateTests {
    private let aws = FakeAWS()
    private var environment: Environment { Environment(aws: aws, region: "us-east-2", patience: .quick) }

    private func instance(_ state: String, deletesData: Bool?) -> String {
        let data = deletesData.map {
            "<item><deviceName>/dev/xvdf</deviceName><ebs><volumeId>vol-1</volumeId>"
                + "<deleteOnTermination>\($0)</deleteOnTermination></ebs></item>"
        }
        return """
            <item><instanceId>i-1</instanceId><imageId>ami-1</imageId><instanceType>t4g.large</instanceType>\
            <instanceState><name>\(state)</name></instanceState><blockDeviceMapping>\(data ?? "")</blockDeviceMapping>\
            <tagSet><item><key>cloudrails:node</key><value>n</value></item>\
            <item><key>cloudrails:chain</key><value>bitcoin.org/signet</value></item></tagSet></item>
            """
    }

    private func node(_ state: String, deletesData: Bool?) throws -> Node {
        try #require(try Node(Instance(.parse(Array(instance(state, deletesData: deletesData).utf8)))))
    }

    private func ends(keeping volumes: String...) {
        let gone = "<item><instancesSet>\(instance("terminated", deletesData: nil))</instancesSet></item>"
        aws.always(DescribeInstances.self, .answer("<R><reservationSet>\(gone)</reservationSet></R>"))
        let items = volumes.map { id in
            """
            <item><volumeId>\(id)</volumeId><size>100</size><status>available</status><volumeType>gp2</volumeType><tagSet>\
            <item><key>cloudrails:node</key><value>n</value></item>\
            <item><key>cloudrails:chain</key><value>bitcoin.org/signet</value></item></tagSet></item>
            """
        }
        aws.always(DescribeVolumes.self, .answer("<R><volumeSet>\(items.joined())</volumeSet></R>"))
    }

    /// A machine that is shutting down shows its volumes still; one that is gone shows none.
    @Test(arguments: ["shutting-down", "terminated"])
    func dataThatWasKeptIsNotSaidToBeDeleted(state: String) async throws {
        ends(keeping: "vol-1")
        let node = try node(state, deletesData: state == "terminated" ? nil : false)
        let problem = await #expect(throws: Problem.self) {
            try await environment.terminate(node, deleteData: true, .forced)
        }
        #expect(problem?.summary.contains("vol-1 is kept") == true)
        #expect(problem?.fix == "cloudrails volume delete vol-1")
        let ended = try await environment.terminate(node, deleteData: false, .forced)
        #expect(ended.node.state == "terminated")
        #expect(ended.keptVolume == "vol-1" && ended.keptVolumeMonthlyUSD == 10)
        #expect(!aws.actions.contains("TerminateInstances"))
    }

    @Test(arguments: [true, false])
    func dataThatGoesAlongIsNotSaidToBeKept(deleteData: Bool) async throws {
        // AWS has not begun yet to delete it.
        ends(keeping: "vol-1")
        let node = try node("shutting-down", deletesData: true)
        let ended = try await environment.terminate(node, deleteData: deleteData, .forced)
        #expect(ended.keptVolume == nil && ended.keptVolumeMonthlyUSD == nil)
    }

    @Test func whatIsGoneWithItsDataIsGone() async throws {
        ends()
        let ended = try await environment.terminate(
            node("terminated", deletesData: nil), deleteData: true, .forced)
        #expect(ended.keptVolume == nil)
    }
}
