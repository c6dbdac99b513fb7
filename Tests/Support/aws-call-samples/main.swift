// Makes every call that the code can make, each in several ways, and prints as JSON what was given to it and what it read of
// the answer. The request is what arrives at the endpoint. Only for tests: it prints secrets.
//
//     aws-call-samples URL        the keys come from AWS_ACCESS_KEY_ID and its like
import AWS
import Foundation
import HTTP

/// The keys in the environment.
struct EnvironmentKeys: CredentialProviding {
    func credentials() async throws -> Credentials {
        let environment = ProcessInfo.processInfo.environment
        return Credentials(
            accessKeyID: environment["AWS_ACCESS_KEY_ID"] ?? "",
            secretAccessKey: environment["AWS_SECRET_ACCESS_KEY"] ?? "", sessionToken: environment["AWS_SESSION_TOKEN"],
            source: "environment")
    }
}

/// The call as it stands, and with what every call of its kind can carry besides.
func ways(of operation: any AWSOperation) -> [any AWSOperation] {
    if var next = operation as? any PagedOperation {
        next.nextToken = "page/2+of=2"
        return [operation, next]
    }
    if var rehearsal = operation as? any DryRunnable {
        rehearsal.dryRun = true
        return [operation, rehearsal]
    }
    return [operation]
}

/// What went in and what came out.
func report<Operation: AWSOperation>(_ operation: Operation, to client: AWSClient) async -> [String: Any] {
    var report = [
        "service": Operation.service.rawValue, "action": Operation.action, "parameters": plain(operation),
    ]
    do {
        report["output"] = plain(try await client.call(operation))
    } catch let error as AWSError {
        // Some answers with status 200 tell of an error.
        report["output"] = ["code": error.code, "message": error.message, "requestID": error.requestID ?? ""]
    } catch {
        report["failure"] = "\(error)"
    }
    return report
}

guard CommandLine.arguments.count == 2 else {
    print("usage: aws-call-samples URL")
    exit(64)
}
let endpoints = Dictionary(uniqueKeysWithValues: AWSService.allCases.map { ($0, CommandLine.arguments[1]) })
let client = AWSClient(
    settings: Settings(region: "us-east-2", endpoints: endpoints, maxAttempts: 1), credentials: EnvironmentKeys(),
    http: HTTPClient(.init(userAgent: "aws-call-samples")))
var reports: [[String: Any]] = []
for operation in (ec2Samples + iamSamples + ssmSamples + stsSamples).flatMap(ways) {
    reports.append(await report(operation, to: client))
}
let data = try JSONSerialization.data(withJSONObject: reports, options: [.sortedKeys])
print(String(decoding: data, as: UTF8.self))
