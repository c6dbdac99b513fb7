/// An availability zone, or a local or wavelength zone.
public struct AvailabilityZone: Sendable {
    /// Its name, such as `us-east-2a`; another account may call the same zone otherwise.
    public var zoneName: String
    /// Its id, such as `use2-az1`, the same for all accounts.
    public var zoneID: String
    /// `available`, `impaired`, …
    public var state: String
    /// `availability-zone`, `local-zone`, `wavelength-zone`.
    public var zoneType: String
    /// `opt-in-not-required`, `opted-in`, `not-opted-in`.
    public var optInStatus: String

    init(_ xml: XMLElement) throws {
        zoneName = try xml.required("zoneName")
        zoneID = xml["zoneId"] ?? ""
        state = xml["zoneState"] ?? ""
        zoneType = xml["zoneType"] ?? ""
        optInStatus = xml["optInStatus"] ?? ""
    }
}

/// EC2 DescribeAvailabilityZones, which knows no pages.
public struct DescribeAvailabilityZones: EC2Operation, ReadOperation {
    /// Zones.
    public typealias Output = [AvailabilityZone]
    /// Which ones.
    public var filters: [Filter]

    /// All that fit.
    public init(filters: [Filter] = []) { self.filters = filters }

    func encode(to form: inout QueryForm) { form.set(filters) }

    static func decode(_ answer: XMLElement) throws -> [AvailabilityZone] {
        try answer.list("availabilityZoneInfo").map(AvailabilityZone.init)
    }
}

/// A region.
public struct RegionInfo: Sendable {
    /// Its name, such as `us-east-2`.
    public var regionName: String

    init(_ xml: XMLElement) throws { regionName = try xml.required("regionName") }
}

/// EC2 DescribeRegions: those that the account can use. It knows no pages.
public struct DescribeRegions: EC2Operation, ReadOperation {
    /// Regions.
    public typealias Output = [RegionInfo]

    /// All that the account can use.
    public init() {}

    func encode(to form: inout QueryForm) {}

    static func decode(_ answer: XMLElement) throws -> [RegionInfo] {
        try answer.list("regionInfo").map(RegionInfo.init)
    }
}
