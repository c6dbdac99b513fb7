internal import Foundation
internal import FoundationXML

/// An element of an answer: its name, its text, and what is in it. Attributes do not matter in AWS's answers.
struct XMLElement: Sendable {
    var name: String
    var text = ""
    var children: [XMLElement] = []

    /// Reads a whole answer.
    /// - Throws: `MalformedAnswer`.
    static func parse(_ body: [UInt8]) throws -> XMLElement {
        let reader = XMLReader()
        // In pieces: given all at once, libxml2 refuses what is larger than 10 MB.
        let parser = XMLParser(stream: InputStream(data: Data(body)))
        parser.delegate = reader
        guard parser.parse(), parser.parserError == nil, let root = reader.root else {
            throw MalformedAnswer(reason: "it is no XML", start: MalformedAnswer.start(of: body))
        }
        return root
    }

    /// The element of that name in this one.
    func child(_ name: String) -> XMLElement? { children.first { $0.name == name } }

    /// The text of the element of that name.
    subscript(name: String) -> String? { child(name)?.text }

    /// The elements of a list: `<set><item>…`, or `<Set><member>…`.
    func list(_ name: String) -> [XMLElement] { child(name)?.children ?? [] }

    /// A text that must be there.
    func required(_ name: String) throws -> String {
        guard let text = self[name] else {
            throw MalformedAnswer(reason: "<\(self.name)> has no <\(name)>", start: "")
        }
        return text
    }

    /// An id that must be there.
    func id<Resource>(_ name: String) throws -> ResourceID<Resource> { ResourceID(rawValue: try required(name)) }

    /// An id that may be there.
    func optionalID<Resource>(_ name: String) -> ResourceID<Resource>? { self[name].map(ResourceID.init(rawValue:)) }

    /// A number that may be there.
    func int(_ name: String) -> Int? { self[name].flatMap { Int($0) } }

    /// True where the element says so.
    func bool(_ name: String) -> Bool { self[name] == "true" }

    /// Tags: `<tagSet><item><key>…` of EC2, `<Tags><member><Key>…` of IAM.
    var tags: [String: String] {
        let pairs =
            list("tagSet").map { ($0["key"] ?? "", $0["value"] ?? "") }
            + list("Tags").map { ($0["Key"] ?? "", $0["Value"] ?? "") }
        return Dictionary(pairs, uniquingKeysWith: { _, last in last })
    }
}

/// An answer with status 200 that cannot be read.
public struct MalformedAnswer: Error, Sendable {
    /// What is wrong with it.
    public var reason: String
    /// How it starts.
    public var start: String

    /// The first 200 characters of a body.
    static func start(of body: [UInt8]) -> String { String(decoding: body.prefix(200), as: UTF8.self) }
}

/// Builds the tree while the parser runs.
private final class XMLReader: NSObject, XMLParserDelegate {
    var root: XMLElement?
    private var open: [XMLElement] = []
    private var text = ""

    func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
        attributes: [String: String]
    ) {
        open.append(XMLElement(name: name))
        text = ""
    }

    func parser(_ parser: XMLParser, foundCharacters string: String) { text += string }

    func parser(_ parser: XMLParser, foundCDATA block: Data) { text += String(decoding: block, as: UTF8.self) }

    func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) {
        guard var element = open.popLast() else { return }
        // What stands between elements is white space.
        if element.children.isEmpty { element.text = text }
        text = ""
        if open.isEmpty { root = element } else { open[open.count - 1].children.append(element) }
    }
}
