/// What an instance type is made of.
public struct InstanceTypeInfo: Sendable {
    /// Its name.
    public var instanceType: String
    /// `arm64`, `x86_64`, and others.
    public var supportedArchitectures: [String]
    /// Virtual processors.
    public var vCPUs: Int
    /// Memory, MiB.
    public var memoryMiB: Int

    init(_ xml: XMLElement) throws {
        instanceType = try xml.required("instanceType")
        supportedArchitectures = xml.child("processorInfo")?.list("supportedArchitectures").map(\.text) ?? []
        vCPUs = xml.child("vCpuInfo")?.int("defaultVCpus") ?? 0
        memoryMiB = xml.child("memoryInfo")?.int("sizeInMiB") ?? 0
    }
}

/// Where an instance type is offered.
public struct InstanceTypeOffering: Sendable {
    /// Its name.
    public var instanceType: String
    /// The zone, where zones were asked for.
    public var location: String

    init(_ xml: XMLElement) throws {
        instanceType = try xml.required("instanceType")
        location = try xml.required("location")
    }
}

/// EC2 DescribeInstanceTypes.
public struct DescribeInstanceTypes: EC2Operation, ReadOperation, PagedOperation {
    /// Instance types.
    public typealias Item = InstanceTypeInfo
    /// Only these.
    public var instanceTypes: [String]
    /// Which ones.
    public var filters: [Filter]
    /// What the page before said.
    public var nextToken: String?

    /// All that fit.
    public init(instanceTypes: [String] = [], filters: [Filter] = []) {
        self.instanceTypes = instanceTypes
        self.filters = filters
    }

    func encode(to form: inout QueryForm) {
        form.set(list: "InstanceType", instanceTypes)
        form.set(filters)
        form.set("NextToken", nextToken)
    }

    static func decode(_ answer: XMLElement) throws -> Page<InstanceTypeInfo> {
        Page(items: try answer.list("instanceTypeSet").map(InstanceTypeInfo.init), nextToken: answer["nextToken"])
    }
}

/// EC2 DescribeInstanceTypeOfferings.
public struct DescribeInstanceTypeOfferings: EC2Operation, ReadOperation, PagedOperation {
    /// Offerings.
    public typealias Item = InstanceTypeOffering
    /// `region`, `availability-zone` or `availability-zone-id`.
    public var locationType: String
    /// Which ones.
    public var filters: [Filter]
    /// What the page before said.
    public var nextToken: String?

    /// All that fit.
    public init(locationType: String, filters: [Filter] = []) {
        self.locationType = locationType
        self.filters = filters
    }

    func encode(to form: inout QueryForm) {
        form.set("LocationType", locationType)
        form.set(filters)
        form.set("NextToken", nextToken)
    }

    static func decode(_ answer: XMLElement) throws -> Page<InstanceTypeOffering> {
        Page(
            items: try answer.list("instanceTypeOfferingSet").map(InstanceTypeOffering.init),
            nextToken: answer["nextToken"])
    }
}
