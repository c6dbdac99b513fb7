internal import Foundation

/// A parameter of Systems Manager.
public struct Parameter: Sendable {
    /// Its name.
    public var name: String
    /// Its value.
    public var value: String
}

/// SSM GetParameter.
public struct GetParameter: ReadOperation {
    /// The parameter.
    public typealias Output = Parameter
    /// SSM.
    public static var service: AWSService { .ssm }
    /// The action's name.
    public static var action: String { "GetParameter" }
    /// The parameter's name.
    public var name: String

    /// Asks for this parameter.
    public init(name: String) { self.name = name }

    /// The JSON.
    public func body() -> RequestBody {
        .json(Array((try? JSONEncoder().encode(["Name": name])) ?? Data()))
    }

    /// Reads the JSON.
    public static func output(from body: [UInt8]) throws -> Parameter {
        do {
            let answer = try JSONDecoder().decode(Answer.self, from: Data(body))
            return Parameter(name: answer.parameter.name, value: answer.parameter.value)
        } catch {
            throw MalformedAnswer(reason: "it is no parameter", start: MalformedAnswer.start(of: body))
        }
    }

    private struct Answer: Decodable {
        struct Body: Decodable {
            var name: String
            var value: String

            enum CodingKeys: String, CodingKey {
                case name = "Name"
                case value = "Value"
            }
        }
        var parameter: Body

        enum CodingKeys: String, CodingKey { case parameter = "Parameter" }
    }
}
