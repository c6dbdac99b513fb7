import AWS
import CLibCrypto

/// A private key in OpenSSL's hands.
final class OpenSSLKey {
    private let key: OpaquePointer

    private init(_ key: OpaquePointer) { self.key = key }

    deinit { EVP_PKEY_free(key) }

    static func generateED25519() throws -> OpenSSLKey {
        guard let key = cr_generate_ed25519() else { throw Problem("OpenSSL cannot make an ED25519 key") }
        return OpenSSLKey(key)
    }

    /// Reads PEM, PKCS#1 or PKCS#8, without a passphrase.
    init(pem: [UInt8]) throws {
        let bio = BIO_new_mem_buf(pem, Int32(pem.count))
        defer { BIO_free(bio) }
        guard let key = PEM_read_bio_PrivateKey(bio, nil, { _, _, _, _ in -1 }, nil) else {
            throw Problem("OpenSSL reads no private key there")
        }
        self.key = key
    }

    /// The two halves of an ED25519 key, 32 bytes each.
    func ed25519Halves() throws -> (seed: [UInt8], point: [UInt8]) {
        var seed = [UInt8](repeating: 0, count: 32)
        var point = seed
        var (seedLength, pointLength) = (seed.count, point.count)
        guard EVP_PKEY_get_raw_private_key(key, &seed, &seedLength) == 1,
            EVP_PKEY_get_raw_public_key(key, &point, &pointLength) == 1, seedLength == 32, pointLength == 32
        else { throw Problem("OpenSSL does not give out the ED25519 key") }
        return (seed, point)
    }

    /// An RSA key's public half as OpenSSH writes it; nil for other keys.
    func rsaBlob() -> [UInt8]? {
        guard let exponent = parameter("e"), let modulus = parameter("n") else { return nil }
        return OpenSSHFormat.field(Array("ssh-rsa".utf8)) + OpenSSHFormat.field(Self.positive(exponent))
            + OpenSSHFormat.field(Self.positive(modulus))
    }

    /// What AWS shows for an RSA key that it made: SHA-1 of the private half, PKCS#8.
    func privateFingerprint() -> String {
        guard let wrapped = EVP_PKEY2PKCS8(key) else { return "" }
        defer { PKCS8_PRIV_KEY_INFO_free(wrapped) }
        let der = Self.der { i2d_PKCS8_PRIV_KEY_INFO(wrapped, $0) }
        return Digest.hex(Digest.sha1(der), separator: ":")
    }

    /// What AWS shows for an RSA key that was imported: MD5 of the public half, DER. Empty for other keys.
    static func fingerprints(rsaBlob blob: [UInt8]) -> [String] {
        var reader = FieldReader(blob)
        guard reader.field() == Array("ssh-rsa".utf8), let exponent = reader.field(), let modulus = reader.field(),
            let key = publicKey(exponent: exponent, modulus: modulus)
        else { return [] }
        defer { EVP_PKEY_free(key) }
        return [Digest.hex(Digest.md5(der { i2d_PUBKEY(key, $0) }), separator: ":")]
    }

    private static func publicKey(exponent: [UInt8], modulus: [UInt8]) -> OpaquePointer? {
        guard let build = OSSL_PARAM_BLD_new(), let context = EVP_PKEY_CTX_new_from_name(nil, "RSA", nil) else {
            return nil
        }
        let (e, n) = (number(exponent), number(modulus))
        defer {
            OSSL_PARAM_BLD_free(build)
            EVP_PKEY_CTX_free(context)
            BN_free(e)
            BN_free(n)
        }
        guard cr_push_rsa_public(build, n, e) == 1,
            let parameters = OSSL_PARAM_BLD_to_param(build), EVP_PKEY_fromdata_init(context) == 1
        else { return nil }
        defer { OSSL_PARAM_free(parameters) }
        var key: OpaquePointer?
        guard EVP_PKEY_fromdata(context, &key, cr_public_key_selection(), parameters) == 1 else { return nil }
        return key
    }

    private static func number(_ bytes: [UInt8]) -> OpaquePointer? { BN_bin2bn(bytes, Int32(bytes.count), nil) }

    private func parameter(_ name: String) -> [UInt8]? {
        var number: OpaquePointer?
        guard EVP_PKEY_get_bn_param(key, name, &number) == 1, let number else { return nil }
        defer { BN_free(number) }
        var bytes = [UInt8](repeating: 0, count: Int((BN_num_bits(number) + 7) / 8))
        BN_bn2bin(number, &bytes)
        return bytes
    }

    /// A leading zero keeps a number positive (RFC 4251, mpint).
    private static func positive(_ bytes: [UInt8]) -> [UInt8] {
        guard let first = bytes.first, first & 0x80 != 0 else { return bytes }
        return [0] + bytes
    }

    private static func der(_ encode: (UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>?) -> Int32) -> [UInt8] {
        let length = encode(nil)
        guard length > 0 else { return [] }
        var bytes = [UInt8](repeating: 0, count: Int(length))
        bytes.withUnsafeMutableBufferPointer { buffer in
            var next = buffer.baseAddress
            _ = encode(&next)
        }
        return bytes
    }
}
