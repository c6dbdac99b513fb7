/// An instance as Systems Manager's agent on it reports.
public struct InstanceInformation: Sendable {
    /// The instance.
    public var instanceID: InstanceID
    /// `Online`, `ConnectionLost` or `Inactive`.
    public var pingStatus: String
    /// When the agent was last heard of, seconds since 1970.
    public var lastPing: Double?
}

/// SSM DescribeInstanceInformation. An instance whose agent has never registered is left out.
public struct DescribeInstanceInformation: SSMOperation, ReadOperation, PagedOperation {
    /// Instances.
    public typealias Item = InstanceInformation
    /// Only these.
    public var instanceIDs: [InstanceID]
    /// What the page before said.
    public var nextToken: String?

    /// Asks for these instances.
    public init(instanceIDs: [InstanceID]) { self.instanceIDs = instanceIDs }

    var input: Input {
        Input(
            filters: [Input.Filter(key: "InstanceIds", values: instanceIDs.map(\.rawValue))], nextToken: nextToken)
    }

    static func decode(_ answer: Answer) -> Page<InstanceInformation> {
        let items = answer.instanceInformationList.map {
            InstanceInformation(
                instanceID: InstanceID(rawValue: $0.instanceId), pingStatus: $0.pingStatus,
                lastPing: $0.lastPingDateTime)
        }
        return Page(items: items, nextToken: answer.nextToken)
    }

    struct Input: Encodable {
        struct Filter: Encodable {
            var key: String
            var values: [String]
        }
        var filters: [Filter]
        var nextToken: String?
    }

    struct Answer: Decodable {
        struct Instance: Decodable {
            var instanceId: String
            var pingStatus: String
            var lastPingDateTime: Double?
        }
        var instanceInformationList: [Instance]
        var nextToken: String?
    }
}
