import AWS
import Foundation
import Testing

@testable import Engine

@Suite struct RemoteTests {
    @Test(arguments: [
        ("10.1.0.0/16", "10.1.255.255", true), ("10.1.0.0/16", "10.2.0.0", false), ("0.0.0.0/0", "203.0.113.7", true),
        ("203.0.113.7/32", "203.0.113.7", true), ("203.0.113.7/32", "203.0.113.6", false),
        ("10.1.0.0/24", "10.1.0.0/16", false), ("128.0.0.0/1", "127.255.255.255", false),
    ])
    func aRangeContains(_ range: String, _ other: String, _ expected: Bool) throws {
        #expect(try CIDR(range).contains(CIDR(other)) == expected)
    }

    @Test func hostKeysAreReadBetweenTheMarksOfTheLastWholeBlock() {
        let key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA=="
        let console = """
            ssh-ed25519 AAAAoutside== nobody
            -----BEGIN SSH HOST KEY KEYS-----
            ssh-ed25519 AAAAb2xk root@ip-10-1-0-9
            -----END SSH HOST KEY KEYS-----\r
            [   21.25] -----BEGIN SSH HOST KEY KEYS-----\r
            [   21.26] \(key) root@ip-10-1-0-9\r
            ssh-dss AAAAb2xk root@ip-10-1-0-9\r
            ssh-rsa not*base64 root@ip-10-1-0-9\r
            -----END SSH HOST KEY KEYS-----\r
            -----BEGIN SSH HOST KEY KEYS-----
            ssh-ed25519 AAAAY3V0
            """
        #expect(HostKeys.onConsole(console) == [key])
        #expect(HostKeys.onConsole("").isEmpty)
    }

    @Test func aPieceIsReadAndAnythingElseIsNot() throws {
        let run = RemoteRun(["true"], title: "true")
        let text = Data("outerr".utf8).base64EncodedString()
        let piece = try #require(RemotePiece("\(run.id)\n3 3 3\n\(text)", of: run))
        #expect((piece.exitCode, piece.outputSize, piece.errorSize) == (3, 3, 3))
        #expect(piece.bytes == Array("outerr".utf8))
        #expect(try #require(RemotePiece("\(run.id)\nnone 0 0\n", of: run)).exitCode == nil)
        for other in ["", run.id, "\(run.id)\n", "\(run.id)\n0 0", "other\n0 0 0\n", "\(run.id)\n0 3 0\n*"] {
            #expect(RemotePiece(other, of: run) == nil, "\(other)")
        }
    }

    /// What is on a disk is on every image.
    @Test func runsAreKeptInMemory() {
        let run = RemoteRun(["true"], title: "true")
        for script in [run.script(piece: 0..<1), run.readingScript(piece: 1..<2)] {
            #expect(script.contains("${CLOUDRAILS_RUNS:-/run/"))
            #expect(!script.contains("/var/"))
        }
    }

    @Test func runsHaveIdsOfTheirOwn() {
        let runs = (0..<50).map { _ in RemoteRun(["true"], title: "true").id }
        #expect(Set(runs).count == 50)
        #expect(runs.allSatisfy { $0.allSatisfy(\.isHexDigit) })
    }

    @Test(arguments: [(0, "0 s"), (119, "119 s"), (120, "2 min"), (7_200, "2 h"), (172_800, "2 days")])
    func timesAreRough(_ seconds: Int, _ text: String) {
        #expect(Duration.rough(seconds) == text)
        #expect(Duration.ago(1_000, now: Double(1_000 + seconds)) == text)
    }

    @Test func aPlanShowsWhatACommandIsWithoutItsScript() async throws {
        let planner = Planner(Nobody(), asksPermission: true)
        _ = try await planner.call(
            SendCommand(instanceID: "i-1", script: "rm everything", comment: "cloudrails: status", timeoutSeconds: 120))
        let call = try #require(await planner.calls.first)
        #expect((call.service, call.action) == ("ssm", "SendCommand"))
        #expect(
            call.parameters == [
                "InstanceIds": "i-1", "DocumentName": "AWS-RunShellScript", "Comment": "cloudrails: status",
                "TimeoutSeconds": "120",
            ])
    }
}

/// An AWS that must not be asked.
private struct Nobody: AWSCalling {
    func call<Operation: AWSOperation>(_: Operation, region _: String?) async throws -> Operation.Output {
        throw CancellationError()
    }
}
