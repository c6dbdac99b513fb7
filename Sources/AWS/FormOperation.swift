/// An operation of the EC2 and query protocols: a form goes out, XML comes back.
protocol FormOperation: AWSOperation {
    /// Sets the parameters.
    func encode(to form: inout QueryForm)
    /// Reads the answer's members: the children of the response, or of IAM's and STS's result element.
    static func decode(_ answer: XMLElement) throws -> Output
}

extension FormOperation {
    /// The form.
    public func body() -> RequestBody {
        var form = QueryForm()
        encode(to: &form)
        return .form(form)
    }

    /// Reads the XML.
    public static func output(from body: [UInt8]) throws -> Output {
        let root = try XMLElement.parse(body)
        return try decode(root.child("\(action)Result") ?? root)
    }
}

/// An operation of EC2.
protocol EC2Operation: FormOperation {}
extension EC2Operation {
    /// EC2.
    public static var service: AWSService { .ec2 }
    /// The type's name is the action's.
    public static var action: String { String(describing: Self.self) }
}

/// An operation of IAM.
protocol IAMOperation: FormOperation {}
extension IAMOperation {
    /// IAM.
    public static var service: AWSService { .iam }
    /// The type's name is the action's.
    public static var action: String { String(describing: Self.self) }
}

/// A read: it may be repeated freely.
protocol ReadOperation: AWSOperation {}
extension ReadOperation {
    /// Reads may be repeated.
    public static var repeatability: Repeatability { .always }
}

/// A change of EC2, which knows `DryRun`: AWS then only says whether the call would be allowed.
public protocol DryRunnable: MutatingOperation {
    /// True asks for permission only.
    var dryRun: Bool { get set }
}

/// The answer of a call that has nothing to say.
public struct Done: Sendable {
    /// Nothing to say.
    public init() {}
}

/// A change whose answer says nothing.
protocol SilentOperation: FormOperation, MutatingOperation where Output == Done {}
extension SilentOperation {
    /// Nothing.
    public var planned: Done { Done() }
    static func decode(_ answer: XMLElement) throws -> Done { Done() }
}

/// A key and its value.
public struct Tag: Sendable, Hashable {
    /// At most 128 characters.
    public var key: String
    /// At most 256 characters.
    public var value: String
    /// A key and its value.
    public init(_ key: String, _ value: String) {
        self.key = key
        self.value = value
    }
}

/// A filter of a describe: any of the values.
public struct Filter: Sendable, Hashable {
    /// EC2 takes no more values on a call, those of all its filters together (`FilterLimitExceeded`).
    public static let mostValues = 200
    /// EC2's name of the filter, such as `vpc-id` or `tag:Name`.
    public var name: String
    /// Values, any of which fits.
    public var values: [String]
    /// A filter from its parts.
    public init(_ name: String, _ values: [String]) {
        self.name = name
        self.values = values
    }
}

extension Tag {
    /// Tags as they come back in a describe.
    static func dictionary(_ tags: [Tag]) -> [String: String] {
        Dictionary(tags.map { ($0.key, $0.value) }, uniquingKeysWith: { _, last in last })
    }
}

extension QueryForm {
    /// `DryRun` is left out unless it is wanted.
    mutating func setDryRun(_ dryRun: Bool) {
        if dryRun { set("DryRun", "true") }
    }
}

extension XMLElement {
    /// An element that must be there.
    func requiredChild(_ name: String) throws -> XMLElement {
        guard let child = child(name) else {
            throw MalformedAnswer(reason: "<\(self.name)> has no <\(name)>", start: "")
        }
        return child
    }
}
