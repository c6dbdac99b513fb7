/// A processor architecture, by EC2's name (`arm64`, `x86_64`).
public enum Architecture: String, Sendable, Codable, CaseIterable {
    case arm64
    case x86 = "x86_64"
}

/// An EC2 instance type, such as `r7g.2xlarge`.
public struct InstanceType: RawRepresentable, Hashable, Sendable, CustomStringConvertible, ExpressibleByStringLiteral {
    /// EC2's name.
    public let rawValue: String
    /// EC2's name.
    public init(rawValue: String) { self.rawValue = rawValue }
    /// EC2's name.
    public init(stringLiteral value: String) { rawValue = value }
    /// EC2's name.
    public var description: String { rawValue }
}

/// The data volume: what the chain needs today with half a year of growth, as gp3.
public struct DiskPlan: Sendable {
    /// Size of the volume, GiB.
    public var sizeGiB: Int
    /// What the chain takes today, GiB. A volume smaller than this is refused.
    public var usedGiB: Int
    /// Growth, GiB a month.
    public var growthGiBPerMonth: Int
    /// gp3 I/O operations a second, 3,000 to 80,000.
    public var iops: Int
    /// gp3 throughput, MiB/s, 125 to 2,000.
    public var throughputMiBps: Int
    /// MiB/s, 100 to 300, at which AWS fills a volume that comes from an image, for a one-time charge by the image's size; nil
    /// leaves the pace to AWS, which charges nothing and promises nothing.
    public var initializationRateMiBps: Int?
    /// The day the figures were read, `2026-08-20`.
    public var asOf: String
    /// Where the figures come from.
    public var source: String

    /// A plan from its parts.
    public init(
        sizeGiB: Int, usedGiB: Int, growthGiBPerMonth: Int, iops: Int = 3_000, throughputMiBps: Int = 125,
        initializationRateMiBps: Int? = nil, asOf: String, source: String
    ) {
        self.sizeGiB = sizeGiB
        self.usedGiB = usedGiB
        self.growthGiBPerMonth = growthGiBPerMonth
        self.iops = iops
        self.throughputMiBps = throughputMiBps
        self.initializationRateMiBps = initializationRateMiBps
        self.asOf = asOf
        self.source = source
    }
}

/// A port that the node listens on.
public struct Port: Sendable, Hashable {
    /// The transport.
    public enum Transport: String, Sendable { case tcp, udp }
    /// Who may reach it.
    public enum Scope: String, Sendable {
        /// Other nodes: opened to the world.
        case p2p
        /// Programs on the node: loopback only, never opened.
        case rpc
    }
    /// 1 to 65,535.
    public var number: Int
    /// The transport.
    public var transport: Transport
    /// Who may reach it.
    public var scope: Scope
    /// What it is for, in a few words.
    public var purpose: String

    /// A port from its parts.
    public init(_ number: Int, _ transport: Transport = .tcp, _ scope: Scope, _ purpose: String) {
        self.number = number
        self.transport = transport
        self.scope = scope
        self.purpose = purpose
    }
}

/// A systemd service of the node.
public struct Service: Sendable {
    /// The unit's name, such as `geth.service`.
    public var unit: String
    /// Seconds that a clean stop may take.
    public var stopTimeout: Int

    /// A service from its parts.
    public init(unit: String, stopTimeout: Int) {
        self.unit = unit
        self.stopTimeout = stopTimeout
    }
}
