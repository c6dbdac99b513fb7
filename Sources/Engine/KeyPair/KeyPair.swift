import AWS
import Foundation

/// The key pair that opens the nodes. The private half is made here and never leaves this machine.
public struct KeyPair: Sendable {
    /// The public half on one line, as OpenSSH writes it and EC2 takes it: `ssh-ed25519 AAAA…`.
    public let publicKey: String
    /// Every fingerprint that EC2 may show for it
    /// (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/verify-keys.html): imported RSA keys show the MD5 of the public
    /// half, RSA keys that AWS made the SHA-1 of the private half, ED25519 keys the SHA-256 of the public half in base64.
    public let fingerprints: [String]
    /// The private half as it stands in the file.
    let privateFile: [UInt8]

    /// A new ED25519 key pair, by OpenSSL.
    public static func generate() throws -> KeyPair {
        let key = try OpenSSLKey.generateED25519()
        let (seed, point) = try key.ed25519Halves()
        return KeyPair(
            publicKey: OpenSSHFormat.publicLine(ed25519: point),
            fingerprints: Self.sha256(OpenSSHFormat.publicBlob(ed25519: point)),
            privateFile: OpenSSHFormat.privateFile(seed: seed, point: point))
    }

    /// Reads an existing private key: OpenSSH's own format (ED25519 or RSA), or PEM (RSA).
    /// - Throws: `Problem` for a file that cannot be read, holds no such key, or is locked by a passphrase.
    public static func load(from path: String) throws -> KeyPair {
        let file = try readFile(path)
        let text = String(decoding: file, as: UTF8.self)
        if text.contains("-----BEGIN OPENSSH PRIVATE KEY-----") {
            guard let blob = OpenSSHFormat.publicBlob(inPrivateFile: text) else { throw unreadable(path) }
            guard !OpenSSHFormat.isLocked(text) else { throw locked(path) }
            return KeyPair(
                publicKey: OpenSSHFormat.publicLine(blob: blob),
                fingerprints: sha256(blob) + OpenSSLKey.fingerprints(rsaBlob: blob), privateFile: file)
        }
        if text.contains("ENCRYPTED") { throw locked(path) }
        guard let key = try? OpenSSLKey(pem: file), let blob = key.rsaBlob() else { throw unreadable(path) }
        return KeyPair(
            publicKey: OpenSSHFormat.publicLine(blob: blob),
            fingerprints: sha256(blob) + OpenSSLKey.fingerprints(rsaBlob: blob) + [key.privateFingerprint()],
            privateFile: file)
    }

    /// True when a fingerprint that EC2 shows is this key's.
    public func matches(fingerprint: String) -> Bool {
        fingerprints.contains { Self.bare($0) == Self.bare(fingerprint) }
    }

    /// Writes the private half: mode 0400, all of it or nothing, and never over an existing file.
    public func write(to path: String) throws {
        let folder = (path as NSString).deletingLastPathComponent
        let draft = "\(path).\(ClientToken.random().prefix(8)).new"
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            try Self.writeDraft(privateFile, draft)
        } catch {
            throw Problem(
                "The private key cannot be written to \(path)", cause: "\(error.localizedDescription)",
                fix: "choose another place with --key-file FILE")
        }
        defer { unlink(draft) }
        // A hard link is made only where nothing is yet: two runs at once cannot overwrite one another's key.
        guard link(draft, path) == 0 else {
            throw Problem(
                "The private key cannot be written to \(path)", cause: String(cString: strerror(errno)),
                fix: "choose another place with --key-file FILE")
        }
    }

    private static func writeDraft(_ bytes: [UInt8], _ path: String) throws {
        let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o400)
        guard file >= 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
        defer { close(file) }
        try FileHandle(fileDescriptor: file, closeOnDealloc: false).write(contentsOf: Data(bytes))
        guard fsync(file) == 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
    }

    private static func readFile(_ path: String) throws -> [UInt8] {
        do {
            return Array(try Data(contentsOf: URL(fileURLWithPath: path)))
        } catch {
            throw Problem(
                "The private key at \(path) cannot be read", cause: error.localizedDescription,
                fix: "see who may read it, or name another with --key-file FILE")
        }
    }

    /// In base64 as EC2 shows it, and in hexadecimal as other endpoints do.
    private static func sha256(_ blob: [UInt8]) -> [String] {
        let digest = Digest.sha256(blob)
        return [Data(digest).base64EncodedString(), Digest.hex(digest, separator: ":")]
    }

    private static func bare(_ fingerprint: String) -> String {
        let text = fingerprint.hasPrefix("SHA256:") ? String(fingerprint.dropFirst(7)) : fingerprint
        return String(text.reversed().drop { $0 == "=" }.reversed())
    }

    private static func unreadable(_ path: String) -> Problem {
        Problem(
            "\(path) holds no private key that can be used",
            cause: "ED25519 or RSA is needed, as OpenSSH or PEM writes it",
            fix: "name another with --key-file FILE")
    }

    private static func locked(_ path: String) -> Problem {
        Problem(
            "The private key at \(path) is locked by a passphrase", cause: "its public half cannot be read without it",
            fix: "name another with --key-file FILE")
    }
}
