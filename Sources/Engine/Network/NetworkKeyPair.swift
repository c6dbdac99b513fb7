import AWS
import Foundation

/// The key pair: made on this machine, only its public half goes to AWS.
extension Environment {
    /// - Returns: the key pair in AWS, and whether this run put it there.
    func ensureKeyPair(
        _ request: NetworkRequest, _ existing: KeyPairInfo?
    ) async throws -> (info: KeyPairInfo, madeNow: Bool) {
        let name = request.names.keyPair
        let file = request.keyFile
        if let existing {
            guard FileManager.default.fileExists(atPath: file) else { throw Self.keyFileMissing(name, file) }
            guard try KeyPair.load(from: file).matches(fingerprint: existing.keyFingerprint) else {
                throw Self.otherKey(name, file, existing.keyFingerprint)
            }
            return (existing, false)
        }
        return try await step("key-pair", "key pair \(name)", done: { "\($0.0.keyPairID), private half in \(file)" }) {
            let key = try keyOnThisMachine(file)
            do {
                let info = try await aws.call(
                    ImportKeyPair(
                        keyName: name, publicKeyMaterial: key.publicKey,
                        tags: Tags.ofNetwork(request.names.network, name: name)))
                return (info, true)
            } catch is OutcomeUnknown {
                return (try await findKeyPair(request, orImport: key), false)
            } catch let error as AWSError where error.code == "InvalidKeyPair.Duplicate" {
                return (try await findKeyPair(request, orImport: nil), false)
            }
        }
    }

    /// An existing file is used as it is; a plan makes a key and forgets it.
    private func keyOnThisMachine(_ file: String) throws -> KeyPair {
        if FileManager.default.fileExists(atPath: file) { return try KeyPair.load(from: file) }
        let key = try KeyPair.generate()
        if !isPlan { try key.write(to: file) }
        return key
    }

    private func findKeyPair(_ request: NetworkRequest, orImport key: KeyPair?) async throws -> KeyPairInfo {
        let name = request.names.keyPair
        let found = try await patience.poll(limit: patience.consistencyWindow) {
            try await aws.call(DescribeKeyPairs(filters: [Filter("key-name", [name])])).first
        }
        if let found { return try await ensureKeyPair(request, found).info }
        guard let key else {
            throw Problem(
                "AWS says that the key pair \(name) exists, yet does not show it", fix: "run the same command again",
                kind: .tryLater)
        }
        return try await aws.call(
            ImportKeyPair(
                keyName: name, publicKeyMaterial: key.publicKey,
                tags: Tags.ofNetwork(request.names.network, name: name)))
    }

    private static func keyFileMissing(_ name: String, _ file: String) -> Problem {
        Problem(
            "The key pair \(name) exists in AWS, but its private half is not at \(file)",
            cause: "AWS keeps no private keys, so it cannot be fetched from there",
            fix: """
                either put the .pem there (or name it with --key-file FILE), \
                or choose another key pair with --key-pair NAME, which is then made anew
                """)
    }

    private static func otherKey(_ name: String, _ file: String, _ fingerprint: String) -> Problem {
        Problem(
            "The key at \(file) is not the private half of the key pair \(name)",
            cause: "AWS shows the fingerprint \(fingerprint)",
            fix: """
                either name the right file with --key-file FILE, \
                or choose another key pair with --key-pair NAME, which is then made from this file
                """)
    }
}
