import Foundation
import Testing

@testable import Engine

/// The key pair, with ssh-keygen and openssl as witnesses.
@Suite struct KeyPairTests {
    private let folder: TestFolder
    private let file: String

    init() throws {
        folder = try TestFolder()
        file = folder.file("keys/nodes.pem")
    }

    private func openssl(_ arguments: String..., input: [UInt8] = []) throws -> [UInt8] {
        try Tool.run(["openssl"] + arguments, input: input)
    }

    /// `MD5(stdin)= 1a:2b…` without what stands before.
    private func digest(_ algorithm: String, _ bytes: [UInt8]) throws -> String {
        let line = try Tool.text(["openssl", algorithm, "-c"], input: bytes)
        return try #require(line.split(separator: " ").last.map(String.init))
    }

    private func problem(_ path: String) throws -> Problem {
        try #require(#expect(throws: Problem.self) { try KeyPair.load(from: path) })
    }

    // MARK: ED25519

    @Test func aNewOneIsWhatOpenSSHReads() throws {
        let key = try KeyPair.generate()
        try key.write(to: file)
        let line = try Tool.text(["ssh-keygen", "-y", "-f", file])
        #expect(line.split(separator: " ").prefix(2).joined(separator: " ") == key.publicKey)
        #expect(key.publicKey.hasPrefix("ssh-ed25519 "))
        let shown = try Tool.text(["ssh-keygen", "-l", "-f", file]).split(separator: " ")[1]
        #expect(shown.hasPrefix("SHA256:") && key.matches(fingerprint: String(shown)))
        // EC2 shows it with padding and without the name of the hash.
        #expect(key.matches(fingerprint: shown.dropFirst(7) + "="))
        #expect(!key.matches(fingerprint: "") && !key.matches(fingerprint: String(shown.dropLast())))
    }

    @Test func signsForItsPublicHalf() throws {
        let key = try KeyPair.generate()
        try key.write(to: file)
        let (message, allowed) = (folder.file("message"), folder.file("allowed"))
        try "text".write(toFile: message, atomically: true, encoding: .utf8)
        try "me \(key.publicKey)\n".write(toFile: allowed, atomically: true, encoding: .utf8)
        _ = try Tool.run(["ssh-keygen", "-Y", "sign", "-f", file, "-n", "file", message])
        _ = try Tool.run(
            ["ssh-keygen", "-Y", "verify", "-f", allowed, "-I", "me", "-n", "file", "-s", message + ".sig"],
            input: Array("text".utf8))
    }

    @Test func comesBackFromItsFile() throws {
        let key = try KeyPair.generate()
        try key.write(to: file)
        let loaded = try KeyPair.load(from: file)
        #expect(loaded.publicKey == key.publicKey && loaded.privateFile == key.privateFile)
        #expect(key.fingerprints.allSatisfy(loaded.matches))
        #expect(try KeyPair.generate().publicKey != key.publicKey)
    }

    @Test func opensOnlyToItsOwner() throws {
        try KeyPair.generate().write(to: file)
        let modes = try [file, folder.file("keys")].map {
            try FileManager.default.attributesOfItem(atPath: $0)[.posixPermissions] as? Int
        }
        #expect(modes == [0o400, 0o700])
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.file("keys")) == ["nodes.pem"])
    }

    @Test func isNeverWrittenOverAnother() throws {
        let first = try KeyPair.generate()
        try first.write(to: file)
        let problem = #expect(throws: Problem.self) { try KeyPair.generate().write(to: file) }
        #expect(problem?.cause == "File exists" && problem?.fix?.contains("--key-file") == true)
        #expect(try KeyPair.load(from: file).publicKey == first.publicKey)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.file("keys")) == ["nodes.pem"])
    }

    @Test func oneOfManyAtOnceIsWritten() async throws {
        let keys = try (0..<8).map { _ in try KeyPair.generate() }
        let written = try await keys.concurrentMap { [file] key in
            (try? key.write(to: file)) != nil ? key.publicKey : nil
        }
        let winners = written.compactMap { $0 }
        #expect(try winners == [KeyPair.load(from: file).publicKey])
    }

    @Test func whereItCannotBeWrittenIsSaid() throws {
        try "".write(toFile: folder.file("plain"), atomically: true, encoding: .utf8)
        let problem = #expect(throws: Problem.self) {
            try KeyPair.generate().write(to: folder.file("plain/nodes.pem"))
        }
        #expect(problem?.summary.contains("plain/nodes.pem") == true && problem?.fix?.contains("--key-file") == true)
    }

    // MARK: RSA

    /// Fingerprints as AWS documents them:
    /// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/verify-keys.html
    @Test(arguments: ["-traditional", "-verbose"]) func rsaInPEM(form: String) throws {
        let path = folder.file("rsa.pem")
        _ = try openssl("genrsa", form, "-out", path, "2048")
        let key = try KeyPair.load(from: path)
        let head = try String(contentsOfFile: path, encoding: .utf8).prefix { $0 != "\n" }
        #expect(head == (form == "-traditional" ? "-----BEGIN RSA PRIVATE KEY-----" : "-----BEGIN PRIVATE KEY-----"))
        #expect(key.publicKey == (try Tool.text(["ssh-keygen", "-y", "-f", path])))
        let imported = try digest("md5", try openssl("rsa", "-in", path, "-pubout", "-outform", "DER"))
        let created = try digest(
            "sha1", try openssl("pkcs8", "-in", path, "-topk8", "-nocrypt", "-outform", "DER"))
        #expect(key.fingerprints.contains(imported) && key.fingerprints.contains(created))
        #expect(imported != created)
    }

    @Test func rsaInOpenSSHsFormat() throws {
        let path = folder.file("rsa")
        _ = try Tool.run(["ssh-keygen", "-q", "-t", "rsa", "-b", "2048", "-N", "", "-f", path])
        let key = try KeyPair.load(from: path)
        let line = try Tool.text(["ssh-keygen", "-y", "-f", path])
        #expect(line.split(separator: " ").prefix(2).joined(separator: " ") == key.publicKey)
        let pem = try Tool.run(["ssh-keygen", "-e", "-f", path, "-m", "PKCS8"])
        let der = try openssl("rsa", "-pubin", "-outform", "DER", input: pem)
        #expect(key.matches(fingerprint: try digest("md5", der)))
    }

    // MARK: What cannot be used

    @Test func aPassphraseIsNamed() throws {
        let (openSSH, pem, old) = (folder.file("a"), folder.file("b"), folder.file("c"))
        _ = try Tool.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "secret words", "-f", openSSH])
        _ = try openssl("genrsa", "-aes128", "-passout", "pass:secret", "-out", pem, "2048")
        _ = try openssl("genrsa", "-aes128", "-traditional", "-passout", "pass:secret", "-out", old, "2048")
        for path in [openSSH, pem, old] {
            #expect(try problem(path).summary == "The private key at \(path) is locked by a passphrase")
        }
    }

    /// EC2 takes ED25519 and RSA only.
    @Test func otherKindsOfKeysAreRefused() throws {
        let (openSSH, pem) = (folder.file("a"), folder.file("b"))
        _ = try Tool.run(["ssh-keygen", "-q", "-t", "ecdsa", "-N", "", "-f", openSSH])
        _ = try openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", pem)
        for path in [openSSH, pem] {
            #expect(try problem(path).summary == "\(path) holds no private key that can be used")
        }
    }

    @Test func whatIsNoKeyIsRefused() throws {
        let key = try KeyPair.generate()
        let text = String(decoding: key.privateFile, as: UTF8.self)
        let path = folder.file("k")
        let broken = [
            "", "text", key.publicKey, "-----BEGIN OPENSSH PRIVATE KEY-----\n",
            text.replacing("b3BlbnNzaC1rZXk", with: "AAAA"),
            "-----BEGIN OPENSSH PRIVATE KEY-----\n!!!!\n-----END OPENSSH PRIVATE KEY-----\n",
            "-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----\n",
        ]
        for content in broken {
            try content.write(toFile: path, atomically: true, encoding: .utf8)
            let found = try problem(path)
            #expect(found.summary == "\(path) holds no private key that can be used")
            #expect(found.fix == "name another with --key-file FILE")
        }
    }

    /// A file that was cut at any place is refused, and never crashes the reader.
    @Test func aCutFileIsRefused() throws {
        let key = try KeyPair.generate()
        let path = folder.file("k")
        for count in stride(from: 0, to: key.privateFile.count - 45, by: 9) {
            try Data(key.privateFile.prefix(count)).write(to: URL(fileURLWithPath: path))
            #expect(throws: Problem.self) { try KeyPair.load(from: path) }
        }
    }

    @Test func whatCannotBeReadIsNamed() throws {
        for path in [folder.file("none"), folder.path] {
            #expect(try problem(path).summary == "The private key at \(path) cannot be read")
        }
    }
}
