/// Who calls.
public struct CallerIdentity: Sendable {
    /// The account's number, twelve digits.
    public var account: String
    /// The user's or the role's ARN.
    public var arn: String
}

/// STS GetCallerIdentity, which needs no permission.
public struct GetCallerIdentity: STSOperation, ReadOperation {
    /// Who calls.
    public typealias Output = CallerIdentity

    /// Asks who calls.
    public init() {}

    func encode(to form: inout QueryForm) {}

    static func decode(_ answer: XMLElement) throws -> CallerIdentity {
        CallerIdentity(account: try answer.required("Account"), arn: answer["Arn"] ?? "")
    }
}

/// An operation of STS.
protocol STSOperation: FormOperation {}
extension STSOperation {
    /// STS.
    public static var service: AWSService { .sts }
    /// The type's name is the action's.
    public static var action: String { String(describing: Self.self) }
}
