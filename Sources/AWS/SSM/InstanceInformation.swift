/// An instance as Systems Manager's agent on it reports.
public struct InstanceInformation: Sendable {
    /// The instance.
    public var instanceID: InstanceID
    /// `Online`, `ConnectionLost` or `Inactive`.
    public var pingStatus: String
}

/// A filter of DescribeInstanceInformation: any of the values.
public struct InstanceInformationStringFilter: Sendable, Encodable {
    /// What is looked at, such as `InstanceIds`.
    public var key: String
    /// Values, any of which fits.
    public var values: [String]
}

/// SSM DescribeInstanceInformation. An instance whose agent has never registered is left out.
public struct DescribeInstanceInformation: SSMOperation, ReadOperation, PagedOperation {
    /// Instances.
    public typealias Item = InstanceInformation
    /// Which ones.
    public var filters: [InstanceInformationStringFilter]
    /// What the page before said.
    public var nextToken: String?

    /// Asks for these instances.
    public init(instanceIDs: [InstanceID]) {
        filters = [InstanceInformationStringFilter(key: "InstanceIds", values: instanceIDs.map(\.rawValue))]
    }

    var input: Input { Input(filters: filters, nextToken: nextToken) }

    static func decode(_ answer: Answer) -> Page<InstanceInformation> {
        let items = answer.instanceInformationList.map {
            InstanceInformation(instanceID: InstanceID(rawValue: $0.instanceId), pingStatus: $0.pingStatus)
        }
        return Page(items: items, nextToken: answer.nextToken)
    }

    struct Input: Encodable {
        var filters: [InstanceInformationStringFilter]
        var nextToken: String?
    }

    struct Answer: Decodable {
        struct Instance: Decodable {
            var instanceId: String
            var pingStatus: String
        }
        var instanceInformationList: [Instance]
        var nextToken: String?
    }
}
