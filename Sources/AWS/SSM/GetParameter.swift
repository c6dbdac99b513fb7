/// A parameter of Systems Manager.
public struct Parameter: Sendable {
    /// Its name.
    public var name: String
    /// Its value.
    public var value: String
}

/// SSM GetParameter.
public struct GetParameter: SSMOperation, ReadOperation {
    /// The parameter.
    public typealias Output = Parameter
    /// The parameter's name.
    public var name: String

    /// Asks for this parameter.
    public init(name: String) { self.name = name }

    var input: [String: String] { ["Name": name] }

    static func decode(_ answer: Answer) -> Parameter {
        Parameter(name: answer.parameter.name, value: answer.parameter.value)
    }

    struct Answer: Decodable {
        struct Body: Decodable {
            var name: String
            var value: String
        }
        var parameter: Body
    }
}
