import Foundation
import Testing

@testable import AWS
@testable import Engine

/// The key pair of a network: its file here and its public half in AWS.
@Suite struct NetworkKeyPairTests {
    private let aws = FakeAWS()
    private let folder: TestFolder
    private let file: String

    init() throws {
        folder = try TestFolder()
        file = folder.file("k.pem")
    }

    private func ensure(
        existing: KeyPairInfo? = nil, isPlan: Bool = false, _ patience: Patience = .quick
    ) async throws -> (info: KeyPairInfo, madeNow: Bool) {
        let environment = Environment(aws: aws, region: "us-east-2", isPlan: isPlan, patience: patience)
        return try await environment.ensureKeyPair(NetworkRequest(keyFile: file), existing)
    }

    private func xml(_ fingerprint: String) -> String {
        """
        <keyPairId>key-1</keyPairId><keyName>blockchain-nodes-keypair</keyName>\
        <keyFingerprint>\(fingerprint)</keyFingerprint>
        """
    }

    private func info(_ fingerprint: String) throws -> KeyPairInfo {
        try KeyPairInfo(.parse(Array("<k>\(xml(fingerprint))</k>".utf8)))
    }

    private func listed(_ fingerprint: String) -> FakeAWS.Reply {
        .answer("<R><keySet><item>\(xml(fingerprint))</item></keySet></R>")
    }

    @Test func onlyThePublicHalfIsImported() async throws {
        aws.expect(ImportKeyPair.self, .answer("<R>\(xml("f"))</R>"))
        let made = try await ensure()
        #expect(made.madeNow && made.info.keyPairID == "key-1")
        let key = try KeyPair.load(from: file)
        let sent = try #require(aws.calls[0].parameters["PublicKeyMaterial"].flatMap { Data(base64Encoded: $0) })
        #expect(String(decoding: sent, as: UTF8.self) == key.publicKey)
        let secret = String(decoding: key.privateFile, as: UTF8.self).split(separator: "\n")[2]
        #expect(!aws.calls[0].parameters.values.contains { $0.contains(secret) })
    }

    @Test func anExistingFileIsUsed() async throws {
        let key = try KeyPair.generate()
        try key.write(to: file)
        aws.expect(ImportKeyPair.self, .answer("<R>\(xml("f"))</R>"))
        _ = try await ensure()
        #expect(try KeyPair.load(from: file).publicKey == key.publicKey)
    }

    @Test func theRightKeyNeedsNoCall() async throws {
        let key = try KeyPair.generate()
        try key.write(to: file)
        let found = try await ensure(existing: info(key.fingerprints[0]))
        #expect(!found.madeNow && aws.calls.isEmpty)
    }

    @Test func aKeyInAWSWithoutItsFileSaysBothWaysOut() async throws {
        let problem = await #expect(throws: Problem.self) { try await ensure(existing: info("f")) }
        #expect(problem?.fix?.contains("--key-file") == true && problem?.fix?.contains("--key-pair") == true)
        #expect(try folder.names.isEmpty && aws.calls.isEmpty)
    }

    @Test func anotherKeyInAWSSaysBothWaysOut() async throws {
        try KeyPair.generate().write(to: file)
        let other = try info(KeyPair.generate().fingerprints[0])
        let problem = await #expect(throws: Problem.self) { try await ensure(existing: other) }
        #expect(problem?.summary.contains("is not the private half") == true)
        #expect(problem?.fix?.contains("--key-file") == true && problem?.fix?.contains("--key-pair") == true)
    }

    @Test func aLostImportIsLookedFor() async throws {
        let key = try KeyPair.generate()
        try key.write(to: file)
        aws.expect(ImportKeyPair.self, .lost)
        aws.expect(DescribeKeyPairs.self, .answer("<R><keySet/></R>"), listed(key.fingerprints[0]))
        let found = try await ensure()
        #expect(found.info.keyPairID == "key-1" && !found.madeNow)
        #expect(aws.actions == ["ImportKeyPair", "DescribeKeyPairs", "DescribeKeyPairs"])
    }

    @Test func aLostImportThatNeverShowsIsMadeAgain() async throws {
        aws.expect(ImportKeyPair.self, .lost, .answer("<R>\(xml("f"))</R>"))
        aws.always(DescribeKeyPairs.self, .answer("<R><keySet/></R>"))
        #expect(try await ensure(.short).info.keyPairID == "key-1")
        let sent = aws.calls.filter { $0.action == "ImportKeyPair" }.map { $0.parameters["PublicKeyMaterial"] }
        #expect(sent.count == 2 && Set(sent).count == 1)
    }

    @Test func somebodyElsesOfThatNameIsNotTaken() async throws {
        aws.expect(ImportKeyPair.self, .refusal("InvalidKeyPair.Duplicate"))
        aws.expect(DescribeKeyPairs.self, listed("1a:2b"))
        let problem = await #expect(throws: Problem.self) { try await ensure() }
        #expect(problem?.cause == "AWS shows the fingerprint 1a:2b")
    }

    @Test func aPlanWritesNoFile() async throws {
        aws.expect(ImportKeyPair.self, .answer("<R>\(xml("f"))</R>"))
        _ = try await ensure(isPlan: true)
        #expect(try folder.names.isEmpty)
    }
}
