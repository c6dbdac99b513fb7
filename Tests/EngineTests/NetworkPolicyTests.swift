import Foundation
import Testing

@testable import Engine

@Suite struct NetworkPolicyTests {
    private func statements(_ json: String) throws -> [[String: Any]] {
        let document = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
        #expect(document["Version"] as? String == "2012-10-17")
        return try #require(document["Statement"] as? [[String: Any]])
    }

    @Test func nodesMayWriteOneTagOnOurInstancesOnly() throws {
        let statement = try #require(try statements(NetworkPolicy.inline(region: "us-east-2")).first)
        #expect(statement["Action"] as? String == "ec2:CreateTags")
        #expect(statement["Resource"] as? String == "arn:aws:ec2:*:*:instance/*")
        let condition = try #require(statement["Condition"] as? [String: [String: Any]])
        #expect(condition["ForAllValues:StringEquals"]?["aws:TagKeys"] as? [String] == ["cloudrails:status"])
        #expect(condition["Null"]?["aws:TagKeys"] as? String == "false")
        #expect(condition["Null"]?["ec2:ResourceTag/cloudrails:node"] as? String == "false")
    }

    @Test(arguments: [("us-east-2", "aws"), ("cn-north-1", "aws-cn"), ("us-gov-west-1", "aws-us-gov")])
    func everyPartitionHasItsOwnARNs(region: String, partition: String) throws {
        #expect(NetworkPolicy.managedPolicyARN(region: region).hasPrefix("arn:\(partition):iam::aws:policy/"))
        #expect(NetworkPolicy.inline(region: region).contains("arn:\(partition):ec2"))
        #expect(try statements(NetworkPolicy.trust(region: region)).count == 1)
    }
}
