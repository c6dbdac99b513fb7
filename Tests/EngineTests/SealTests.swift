import Testing

@testable import AWS
@testable import Engine

@Suite struct SealRecordTests {
    private let record = SealRecord(
        token: "t", sealed: "2026-11-24T10:00:00Z", unsealed: "2026-11-24T10:05:00Z", stoppedSeconds: 300)

    @Test(arguments: [
        ("2026-11-24T10:00:00Z", true), ("2026-11-24T10:02:30.500Z", true), ("2026-11-24T10:05:00.000Z", true),
        // The node's clock and AWS's differ by less than this.
        ("2026-11-24T09:59:59.500Z", true), ("2026-11-24T09:59:58Z", false),
        // Whether that was before or after the node went on, a record in whole seconds does not tell.
        ("2026-11-24T10:05:00.001Z", false), ("2026-11-24T10:06:00Z", false), ("", false), ("soon", false),
    ])
    func covers(_ moment: String, _ expected: Bool) { #expect(record.covers(moment) == expected) }

    @Test func aRecordThatCannotBeReadCoversNothing() {
        let broken = SealRecord(token: "t", sealed: "", unsealed: "", stoppedSeconds: 0)
        #expect(!broken.covers("2026-11-24T10:02:30Z"))
    }
}

@Suite struct ImageProgressTests {
    private func snapshots(_ parts: (size: Int, progress: String)...) throws -> [Snapshot] {
        try parts.map { size, progress in
            try Snapshot(
                XMLElement.parse(
                    Array(
                        """
                        <item><snapshotId>snap-1</snapshotId><volumeId>vol-1</volumeId><volumeSize>\(size)</volumeSize>\
                        <progress>\(progress)</progress><startTime>1970-01-01T00:00:00.000Z</startTime></item>
                        """.utf8)))
        }
    }

    @Test func isWeighedBySize() throws {
        #expect(ImageProgress(try snapshots((10, "100%"), (90, "0%"))).percent == 10)
        #expect(ImageProgress(try snapshots((50, "50%"), (50, ""))).percent == 25)
        #expect(ImageProgress(try snapshots((50, ""))).percent == nil && ImageProgress([]).percent == nil)
    }

    @Test func tellsTheTimeThatIsLeft() throws {
        let quarter = ImageProgress(try snapshots((10, "25%")))
        #expect(quarter.text(now: 600) == "25 %, about 30 min to go")
        #expect(quarter.text(now: -5) == "25 %, about 0 s to go")
        #expect(ImageProgress(try snapshots((10, "0%"))).text(now: 600) == "0 %")
        #expect(ImageProgress(try snapshots((10, "100%"))).text(now: 600) == "100 %")
        #expect(ImageProgress([]).text(now: 0) == "0 %")
    }
}
