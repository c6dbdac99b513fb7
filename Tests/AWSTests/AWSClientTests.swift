import Foundation
import HTTP
import Synchronization
import TestSupport
import Testing

@testable import AWS

/// The client against a local server that answers by a script, one answer after the other; a call too many fails.
@Suite(.timeLimit(.minutes(1))) struct AWSClientTests {
    private static let vpcs = #"<R><vpcSet><item><vpcId>vpc-1</vpcId></item></vpcSet></R>"#
    private static let madeVPC = #"<R><vpc><vpcId>vpc-1</vpcId></vpc></R>"#

    private static func refusal(_ code: String) -> String {
        "<Response><Errors><Error><Code>\(code)</Code><Message>m</Message></Error></Errors>"
            + "<RequestID>r-1</RequestID></Response>"
    }

    private static func answer(
        _ status: Int, _ body: String, headers: [String: String] = [:]
    ) -> LocalServer.Reply { .answer(status, headers: headers, body: Array(body.utf8)) }

    /// A client before a server that gives these answers.
    private final class Script: Sendable {
        let server: LocalServer
        let client: AWSClient
        private let log: Log

        private final class Log: Sendable { let records = Mutex<[CallRecord]>([]) }

        init(_ replies: [LocalServer.Reply], maxAttempts: Int = 3) throws {
            let left = Mutex(replies[...])
            server = try LocalServer { request in
                guard let reply = left.withLock({ $0.popFirst() }) else {
                    Issue.record("a call too many: \(String(decoding: request.body, as: UTF8.self))")
                    return .hangUp
                }
                return reply
            }
            let url = server.url
            let endpoints = Dictionary(uniqueKeysWithValues: AWSService.allCases.map { ($0, url) })
            let log = Log()
            self.log = log
            client = AWSClient(
                settings: Settings(region: "us-east-2", endpoints: endpoints, maxAttempts: maxAttempts),
                credentials: FixedKeys(), http: HTTPClient(.init(userAgent: "cloudrails-tests")),
                observe: { record in log.records.withLock { $0.append(record) } })
        }

        var records: [CallRecord] { log.records.withLock { $0 } }
        var bodies: [String] { server.requests.map { String(decoding: $0.body, as: UTF8.self) } }
    }

    private struct FixedKeys: CredentialProviding {
        func credentials() async throws -> Credentials {
            Credentials(accessKeyID: "AKIDEXAMPLE", secretAccessKey: "s3cr3t", sessionToken: "token", source: "a test")
        }
    }

    private let createVPC = CreateVpc(cidrBlock: "10.1.0.0/16", tags: [])

    @Test func aCallIsSignedAndRead() async throws {
        let script = try Script([Self.answer(200, Self.vpcs, headers: ["x-amzn-RequestId": "r-9"])])
        let page = try await script.client.call(DescribeVpcs(filters: [Filter("tag:Name", ["a b"])]))
        #expect(page.items.map(\.id) == ["vpc-1"])
        let request = try #require(script.server.requests.first)
        #expect(
            script.bodies
                == ["Action=DescribeVpcs&Version=2016-11-15&Filter.1.Name=tag%3AName&Filter.1.Value.1=a%20b"])
        #expect(request.values("Content-Type") == ["application/x-www-form-urlencoded; charset=utf-8"])
        #expect(request.values("X-Amz-Security-Token") == ["token"])
        #expect(request.values("Authorization").first?.contains("/us-east-2/ec2/aws4_request") == true)
        let record = try #require(script.records.first)
        #expect(record.action == "DescribeVpcs" && record.status == 200 && record.requestID == "r-9")
        #expect(record.attempt == 1 && record.failure == nil)
    }

    @Test func jsonServicesGetJSON() async throws {
        let script = try Script([Self.answer(200, #"{"Parameter":{"Name":"/n","Value":"ami-1"}}"#)])
        #expect(try await script.client.call(GetParameter(name: "/n")).value == "ami-1")
        let request = try #require(script.server.requests.first)
        #expect(request.values("X-Amz-Target") == ["AmazonSSM.GetParameter"])
        #expect(request.values("Content-Type") == ["application/x-amz-json-1.1"])
        #expect(request.values("Authorization").first?.contains("/us-east-2/ssm/aws4_request") == true)
    }

    @Test func anotherRegionIsSignedFor() async throws {
        let script = try Script([Self.answer(200, Self.vpcs)])
        _ = try await script.client.call(DescribeVpcs(), region: "eu-west-1")
        #expect(
            script.server.requests.first?.values("Authorization").first?.contains("/eu-west-1/ec2/aws4_request") == true
        )
        #expect(script.records.map(\.region) == ["eu-west-1"])
    }

    /// AWS did nothing yet, so even a call that must not be repeated is made again.
    @Test func throttlingIsWaitedFor() async throws {
        let script = try Script([
            Self.answer(503, Self.refusal("RequestLimitExceeded")), Self.answer(400, Self.refusal("Throttling")),
            Self.answer(200, Self.madeVPC),
        ])
        #expect(try await script.client.call(createVPC).id == "vpc-1")
        #expect(script.records.map(\.attempt) == [1, 2, 3])
        #expect(script.records.map(\.failure) == ["RequestLimitExceeded", "Throttling", nil])
    }

    @Test(arguments: [
        answer(500, refusal("InternalError")), answer(503, "<html>busy</html>"), .hangUp,
        .cut("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n<R><vpc><vpcId>vpc-1"), answer(200, "<R><vpc><vpcId>v"),
        answer(200, "<R/>"),
    ])
    func aLostAnswerIsAnUnknownAndNotAFailure(reply: LocalServer.Reply) async throws {
        let script = try Script([reply])
        let error = await #expect(throws: OutcomeUnknown.self) { try await script.client.call(createVPC) }
        #expect(error?.action == "CreateVpc")
        #expect(script.server.requests.count == 1)
    }

    /// On a connection that was used before, libcurl would send it again by itself.
    @Test func aCallThatMustNotBeRepeatedIsSentOnce() async throws {
        let script = try Script([Self.answer(200, Self.vpcs), .hangUp])
        _ = try await script.client.call(DescribeVpcs())
        await #expect(throws: OutcomeUnknown.self) { try await script.client.call(createVPC) }
        #expect(script.server.requests.count == 2 && script.server.accepted == 2)
    }

    @Test(arguments: [
        answer(500, refusal("InternalError")), .hangUp, .cut("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n<R>"),
        answer(200, "<R><vpcSet><item>"), answer(502, "bad gateway"),
    ])
    func aReadIsMadeAgain(reply: LocalServer.Reply) async throws {
        let script = try Script([reply, Self.answer(200, Self.vpcs)])
        #expect(try await script.client.call(DescribeVpcs()).items.count == 1)
        #expect(script.server.requests.count == 2)
    }

    @Test func aTokenIsTheSameInEveryAttempt() async throws {
        let table = #"<R><routeTable><routeTableId>rtb-1</routeTableId><vpcId>vpc-1</vpcId></routeTable></R>"#
        let script = try Script([.hangUp, Self.answer(500, Self.refusal("InternalError")), Self.answer(200, table)])
        let made = try await script.client.call(CreateRouteTable(vpcID: "vpc-1", clientToken: "token-1", tags: []))
        #expect(made.id == "rtb-1")
        #expect(Set(script.bodies).count == 1 && script.bodies[0].contains("ClientToken=token-1"))
    }

    @Test func attemptsEnd() async throws {
        let busy = Self.answer(500, Self.refusal("InternalError"))
        let script = try Script([busy, busy], maxAttempts: 2)
        let error = await #expect(throws: AWSError.self) { try await script.client.call(DescribeVpcs()) }
        #expect(error?.code == "InternalError" && error?.requestID == "r-1" && error?.status == 500)
        #expect(script.server.requests.count == 2)
    }

    @Test(arguments: ["UnauthorizedOperation", "InvalidVpcID.NotFound", "VpcLimitExceeded", "AuthFailure"])
    func whatStandsIsNotAskedAgain(code: String) async throws {
        let script = try Script([Self.answer(400, Self.refusal(code))])
        let error = await #expect(throws: AWSError.self) { try await script.client.call(createVPC) }
        #expect(error?.code == code && error?.action == "CreateVpc" && error?.message == "m")
        #expect(script.records.map(\.failure) == [code])
    }

    @Test(arguments: [-3_600, 7_200])
    func aWrongClockIsNamed(seconds: Int) async throws {
        // What AWS's clock says when this machine is so many seconds ahead of it.
        let date = Self.httpDate(Int(Timestamp.now()) - seconds)
        let script = try Script([
            Self.answer(401, Self.refusal("AuthFailure"), headers: ["Date": date])
        ])
        let error = await #expect(throws: AWSError.self) { try await script.client.call(DescribeVpcs()) }
        let words = try #require(error?.message.split(separator: " "))
        #expect(words.suffix(2) == ["s", seconds > 0 ? "ahead)" : "behind)"])
        let told = try #require(words.dropLast(2).last.flatMap { Int($0) })
        #expect(abs(told - abs(seconds)) < 60)
    }

    @Test func aRightClockIsNotBlamed() async throws {
        let date = Self.httpDate(Int(Timestamp.now()))
        for code in ["AuthFailure", "InvalidParameterValue"] {
            let script = try Script([Self.answer(400, Self.refusal(code), headers: ["Date": date])])
            let error = await #expect(throws: AWSError.self) { try await script.client.call(DescribeVpcs()) }
            #expect(error?.message == "m")
        }
    }

    @Test func nobodyListens() async throws {
        let port = try ListeningSocket(backlog: 1).port
        let client = AWSClient(
            settings: Settings(
                region: "us-east-2", endpoints: [.ec2: "http://127.0.0.1:\(port)"], maxAttempts: 2),
            credentials: FixedKeys(), http: HTTPClient(.init(userAgent: "t")))
        let error = await #expect(throws: HTTPError.self) { try await client.call(createVPC) }
        #expect(error?.neverSent == true)
    }

    @Test func noRecordHoldsASecret() async throws {
        let script = try Script([Self.answer(400, Self.refusal("AuthFailure"))])
        _ = try? await script.client.call(DescribeVpcs())
        var text = ""
        dump(script.records, to: &text)
        #expect(!text.contains("s3cr3t") && text.contains("AuthFailure"))
    }

    @Test func cancellationEndsTheWaiting() async throws {
        let script = try Script([.silence])
        let call = Task { try await script.client.call(DescribeVpcs()) }
        try await script.server.wait { $0.requests.count == 1 }
        call.cancel()
        await #expect(throws: CancellationError.self) { try await call.value }
    }

    /// `Tue, 24 Nov 2026 10:00:00 GMT`
    private static func httpDate(_ seconds: Int) -> String {
        var (time, parts) = (time_t(seconds), tm())
        gmtime_r(&time, &parts)
        var text = [CChar](repeating: 0, count: 40)
        let length = strftime(&text, text.count, "%a, %d %b %Y %H:%M:%S GMT", &parts)
        return String(decoding: text.prefix(length).map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
