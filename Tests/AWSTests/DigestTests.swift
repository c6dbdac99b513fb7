import Testing

@testable import AWS

/// Vectors of FIPS 180 and RFC 1321.
@Suite struct DigestTests {
    @Test func hashes() {
        let abc = Array("abc".utf8)
        #expect(
            Digest.hex(Digest.sha256(abc)) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(Digest.hex(Digest.sha1(abc)) == "a9993e364706816aba3e25717850c26c9cd0d89d")
        #expect(Digest.hex(Digest.md5(abc)) == "900150983cd24fb0d6963f7d28e17f72")
        #expect(Digest.hex(Digest.md5([])) == "d41d8cd98f00b204e9800998ecf8427e")
    }

    @Test func hexadecimal() {
        #expect(Digest.hex([0, 0x0F, 0xF0, 0xFF]) == "000ff0ff")
        #expect(Digest.hex([0x0A, 0xB0], separator: ":") == "0a:b0")
        #expect(Digest.hex([]) == "")
    }
}
