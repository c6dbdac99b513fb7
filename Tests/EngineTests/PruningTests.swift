import Testing

@testable import AWS
@testable import Engine

@Suite struct PruningTests {
    private func image(
        _ id: String, _ height: Int, _ consistency: NodeImage.Consistency = .clean, state: String = "available",
        isPublic: Bool = false, architecture: String = "arm64", ends: String? = nil
    ) throws -> NodeImage {
        let digits = String(repeating: "0", count: 12 - "\(height)".count) + "\(height)"
        let end = ends.map { "<deprecationTime>\($0)</deprecationTime>" } ?? ""
        let answer = """
            <item><imageId>\(id)</imageId>\(end)<imageState>\(state)</imageState><isPublic>\(isPublic)</isPublic>
            <name>cloudrails/bitcoin.org/signet/h\(digits)/31.1/20261124T1005Z-\(architecture)</name>
            <tagSet><item><key>\(Tags.node)</key><value>n</value></item>
            <item><key>\(Tags.consistency)</key><value>\(consistency.rawValue)</value></item></tagSet></item>
            """
        let parsed = try Image(XMLElement.parse(Array(answer.utf8)))
        return try #require(NodeImage(parsed, region: "r", trusted: []))
    }

    /// When all of them were made.
    private let made = Timestamp.seconds("2026-11-24T10:05:00Z") ?? 0

    private func deleted(
        _ images: [NodeImage], keep: Int, includesPublic: Bool = false, after seconds: Double = 60
    ) -> [String] {
        let limits = PruneLimits(keep: keep, includesPublic: includesPublic)
        return Pruning(images, limits, now: made + seconds).deleted.map(\.id)
    }

    @Test func theNewestStay() throws {
        let images = try (1...5).map { try image("ami-\($0)", $0) }
        #expect(deleted(images.shuffled(), keep: 2) == ["ami-3", "ami-2", "ami-1"])
        #expect(deleted(images, keep: 5) == [] && deleted([], keep: 1) == [])
    }

    @Test func theNewestCleanOneStaysBesideCrashedOnes() throws {
        let images = try [
            image("ami-1", 1), image("ami-2", 2), image("ami-3", 3, .crash), image("ami-4", 4, .crash),
        ]
        #expect(deleted(images, keep: 1) == ["ami-3", "ami-1"])
        #expect(deleted(images, keep: 3) == ["ami-1"])
    }

    /// A launch never takes one by itself: the last that it would take is not to go for its sake.
    @Test func deprecatedOnesDoNotCount() throws {
        let ended = "2026-11-24T10:06:00.000Z"
        let images = try [
            image("ami-1", 1), image("ami-2", 2), image("ami-3", 3, ends: ended), image("ami-4", 4, ends: ended),
        ]
        #expect(deleted(images, keep: 1) == ["ami-4", "ami-3", "ami-1"])
        #expect(deleted(images, keep: 3) == ["ami-4", "ami-3"])
        // Its end has not come yet.
        #expect(deleted(images, keep: 1, after: 59) == ["ami-3", "ami-2", "ami-1"])
    }

    @Test func theLastStayEvenIfAllAreDeprecated() throws {
        let ended = "2026-11-24T10:06:00.000Z"
        let images = try [
            image("ami-1", 1, ends: ended), image("ami-2", 2, ends: ended), image("ami-3", 3, architecture: "x86_64"),
        ]
        #expect(deleted(images, keep: 1) == ["ami-1"])
        let clean = try [image("ami-1", 1, ends: ended), image("ami-2", 2, ends: ended), image("ami-3", 3, .crash)]
        #expect(deleted(clean, keep: 1) == ["ami-1"])
    }

    @Test func whatFailedGoesAndWhatIsBeingMadeStays() throws {
        let images = try [
            image("ami-1", 1), image("ami-2", 2, state: "failed"), image("ami-3", 3, state: "pending"),
            image("ami-4", 4, .sealing),
        ]
        #expect(deleted(images, keep: 1) == ["ami-2"])
    }

    /// Its node is gone, perhaps, so that nobody will prove it.
    @Test func whatNobodyHasProvedForADayGoes() throws {
        let images = try [
            image("ami-1", 1), image("ami-2", 2, .sealing), image("ami-3", 3, .sealing, state: "pending"),
        ]
        #expect(deleted(images, keep: 1, after: 86_399) == [])
        #expect(deleted(images, keep: 1, after: 86_400) == ["ami-2"])
    }

    @Test func publicOnesStayUnlessTheyAreMeant() throws {
        let images = try [image("ami-1", 1, isPublic: true), image("ami-2", 2)]
        #expect(deleted(images, keep: 1) == [] && deleted(images, keep: 1, includesPublic: true) == ["ami-1"])
    }

    @Test func architecturesAreCountedApart() throws {
        let images = try [image("ami-1", 1, architecture: "x86_64"), image("ami-2", 2), image("ami-3", 3)]
        #expect(deleted(images, keep: 1) == ["ami-2"])
    }

    @Test func whatIsSparedSaysWhy() throws {
        var pruning = Pruning(try (1...3).map { try image("ami-\($0)", $0) }, PruneLimits(keep: 1))
        pruning.spare { $0.id == "ami-1" ? "in use" : nil }
        #expect(pruning.deleted.map(\.id) == ["ami-2"])
        #expect(pruning.kept.map(\.image.id) == ["ami-3", "ami-1"])
        #expect(pruning.kept.map(\.reason) == ["among the newest 1", "in use"])
    }
}
