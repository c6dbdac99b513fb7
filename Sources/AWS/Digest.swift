internal import CLibCrypto

/// Hashes, by OpenSSL.
public enum Digest {
    /// The library that computes them, such as `OpenSSL 3.0.19 27 Jan 2026`.
    public static var library: String { String(cString: OpenSSL_version(OPENSSL_VERSION)) }

    /// SHA-256, 32 bytes.
    public static func sha256(_ bytes: [UInt8]) -> [UInt8] { digest(bytes, EVP_sha256()) }
    /// SHA-1, 20 bytes; AWS names cache files and fingerprints by it.
    public static func sha1(_ bytes: [UInt8]) -> [UInt8] { digest(bytes, EVP_sha1()) }
    /// MD5, 16 bytes; AWS writes fingerprints of imported RSA keys with it.
    public static func md5(_ bytes: [UInt8]) -> [UInt8] { digest(bytes, EVP_md5()) }

    /// Lower-case hexadecimal.
    public static func hex(_ bytes: [UInt8], separator: String = "") -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: separator)
    }

    private static func digest(_ bytes: [UInt8], _ algorithm: OpaquePointer?) -> [UInt8] {
        var result = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
        var length: UInt32 = 0
        guard EVP_Digest(bytes, bytes.count, &result, &length, algorithm, nil) == 1 else { return [] }
        return Array(result.prefix(Int(length)))
    }
}
