import Testing

@testable import HTTP

@Suite struct CurlVersionTests {
    private func number(_ major: UInt32, _ minor: UInt32) -> UInt32 { major << 16 | minor << 8 }

    @Test func theOneAtHandSignsRightly() throws {
        try CurlVersion.check(temporaryCredentials: true)
        #expect(CurlVersion.full.hasPrefix("libcurl/\(CurlVersion.text) "))
    }

    @Test func oldReleasesAreRefused() throws {
        try CurlVersion.check(temporaryCredentials: false, release: number(7, 75))
        try CurlVersion.check(temporaryCredentials: true, release: number(7, 87))
        try CurlVersion.check(temporaryCredentials: true, release: number(8, 0))
        let unsigned = #expect(throws: HTTPError.self) {
            try CurlVersion.check(temporaryCredentials: false, release: number(7, 74) | 0xFF)
        }
        #expect(unsigned?.message.hasSuffix("too old for signed requests: 7.75 is needed") == true)
        let temporary = #expect(throws: HTTPError.self) {
            try CurlVersion.check(temporaryCredentials: true, release: number(7, 86) | 0xFF)
        }
        #expect(temporary?.message.hasSuffix("too old for temporary credentials: 7.87 is needed") == true)
        #expect(temporary?.neverSent == true)
    }
}
