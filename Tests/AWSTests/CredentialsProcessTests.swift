import Foundation
import Testing

@testable import AWS

@Suite struct CredentialsProcessTests {
    private static let good =
        #"{"Version":1,"AccessKeyId":"ASIA-p","SecretAccessKey":"s3cr3t-process","SessionToken":"s3cr3t-token","Expiration":"1970-01-01T01:00:00Z"}"#

    private func chain(_ command: String, _ output: String = good, status: Int = 0) throws -> CredentialChain {
        try TestHome(config: "[default]\ncredential_process = \(command)\n").chain(run: { words, _ in
            ProcessOutput(status: status, output: Array(output.replacing("WORDS", with: "\(words.count)").utf8))
        })
    }

    @Test func keysFromAProgram() async throws {
        let found = try await chain("/bin/keys --for 'node x'").find()
        #expect(found.accessKeyID == "ASIA-p")
        #expect(found.expiration == 3600)
        #expect(found.source == "profile default (credential_process /bin/keys)")
    }

    @Test(arguments: [
        ("s3cr3t-process", "not the JSON asked for"), ("{}", "no Version"),
        (#"{"Version":2,"AccessKeyId":"a","SecretAccessKey":"s3cr3t-process"}"#, "Version 2"),
        (#"{"Version":1,"SecretAccessKey":"s3cr3t-process"}"#, "no AccessKeyId"),
        (#"{"Version":1,"AccessKeyId":"a"}"#, "no SecretAccessKey"),
        (#"{"Version":1,"AccessKeyId":"a","SecretAccessKey":"s3cr3t-process","Expiration":"soon"}"#, "not a time"),
        (
            #"{"Version":1,"AccessKeyId":"a","SecretAccessKey":"s3cr3t-process","Expiration":"1970-01-01T00:00:01Z"}"#,
            "expired"
        ),
    ])
    func wrongOutput(output: String, text: String) async throws {
        let chain = try chain("keys", output)
        let error = await failure { _ = try await chain.find() }
        #expect(error?.summary.contains(text) == true)
        #expect(error?.exitClass == .credentials)
    }

    @Test func aProgramThatFails() async throws {
        let chain = try chain("keys --password s3cr3t-process", "s3cr3t-process", status: 3)
        let error = await failure { _ = try await chain.find() }
        #expect(error?.summary.hasSuffix("failed: keys ended with status 3") == true)
        #expect(error?.line == 2)
    }

    @Test func anOpenQuote() async throws {
        let chain = try chain("keys 'x")
        #expect(await failure { _ = try await chain.find() }?.summary.contains("open quote") == true)
    }

    @Test func aRealProgram() async throws {
        let home = try TestHome(
            config: "[default]\ncredential_process = sh -c 'cat \"$F\"; echo s3cr3t-process >/dev/null'\n")
        try home.write("out.json", Self.good)
        let environment = ["PATH": "/usr/bin:/bin", "F": "\(home.path)/out.json"]
        #expect(try await home.chain(environment).find().accessKeyID == "ASIA-p")
    }

    @Test func aProgramThatIsNotThere() async throws {
        let home = try TestHome(config: "[default]\ncredential_process = no-such-program\n")
        let error = await failure { _ = try await home.chain(["PATH": "/bin"]).find() }
        #expect(error?.summary == "there is no program no-such-program")
        #expect(error?.line == 2)
    }

    @Test func statusSignalAndCancellation() async throws {
        let environment = ["PATH": "/usr/bin:/bin"]
        #expect(try await ChildProcess.run(["sh", "-c", "exit 7"], environment).status == 7)
        #expect(try await ChildProcess.run(["sh", "-c", "kill -9 $$"], environment).status == 137)
        let big = try await ChildProcess.run(["head", "-c", "300000", "/dev/zero"], environment)
        #expect(big.output.count == 300_000)
        let clock = ContinuousClock()
        let start = clock.now
        let task = Task { try await ChildProcess.run(["sleep", "30"], environment) }
        try await Task.sleep(for: .milliseconds(200))
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(clock.now - start < .seconds(10))
    }
}
