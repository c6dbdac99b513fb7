internal import Foundation

/// An operation of SSM: JSON goes out, JSON comes back. Members are called as in the service model, but for the case of their
/// first letter.
protocol SSMOperation: AWSOperation {
    /// The request's members, by the service model's names.
    associatedtype Input: Encodable
    /// The answer's members that are read.
    associatedtype Answer: Decodable
    /// What goes out.
    var input: Input { get }
    /// What came back.
    static func decode(_ answer: Answer) throws -> Output
}

extension SSMOperation {
    /// SSM.
    public static var service: AWSService { .ssm }
    /// The type's name is the action's.
    public static var action: String { String(describing: Self.self) }

    /// The JSON.
    public func body() -> RequestBody {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .custom { MemberName($0[$0.count - 1].stringValue, first: { $0.uppercased() }) }
        return .json(Array((try? encoder.encode(input)) ?? Data()))
    }

    /// Reads the JSON.
    public static func output(from body: [UInt8]) throws -> Output {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .custom { MemberName($0[$0.count - 1].stringValue, first: { $0.lowercased() }) }
        guard let answer = try? decoder.decode(Answer.self, from: Data(body)) else {
            throw MalformedAnswer(reason: "it is no answer to \(action)", start: MalformedAnswer.start(of: body))
        }
        return try decode(answer)
    }
}

/// A member's name with another first letter.
private struct MemberName: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(_ name: String, first: (Substring) -> String) { stringValue = first(name.prefix(1)) + name.dropFirst() }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
}
