import Testing

@testable import AWS
@testable import Engine

@Suite struct VolumeInitializationTests {
    private func details(_ inside: String) throws -> InitializationStatusDetails {
        try InitializationStatusDetails(.parse(Array("<d>\(inside)</d>".utf8)))
    }

    private let now = 1_800_000_000.0
    private func at(_ secondsAgo: Double) -> String { Timestamp.text(now - secondsAgo) }

    @Test func itIsLoadingUntilAllIsThere() throws {
        let some = try VolumeInitialization(
            details("<progress>34</progress><estimatedTimeToCompleteInSeconds>1200</estimatedTimeToCompleteInSeconds>"),
            volumeCreated: at(9_000), now: now)
        #expect(some?.percent == 34 && some?.secondsLeft == 1_200 && some?.inWords == "34 %, about 20 min to go")
        let unknown = try VolumeInitialization(details("<progress>99</progress>"), volumeCreated: at(9_000), now: now)
        #expect(unknown?.inWords == "99 %")
        #expect(
            try VolumeInitialization(details("<progress>100</progress>"), volumeCreated: at(9_000), now: now) == nil)
        // Without a figure it is not known to be whole.
        #expect(try VolumeInitialization(details(""), volumeCreated: at(9_000), now: now)?.inWords == "just begun")
    }

    /// AWS needs up to five minutes until it tells anything of a new volume.
    @Test func ofANewVolumeNothingIsKnownYet() {
        #expect(VolumeInitialization(nil, volumeCreated: at(60), now: now)?.inWords == "just begun")
        #expect(VolumeInitialization(nil, volumeCreated: at(301), now: now) == nil)
        #expect(VolumeInitialization(nil, volumeCreated: "", now: now) == nil)
    }
}
