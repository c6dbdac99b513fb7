import AWS
import ChainKit

/// What is known of a node at the moment that an image is to show: its name, description and tags say it.
struct ImageFacts: Sendable {
    /// The word of the seal, or one of its own.
    var token: String
    /// The last block.
    var height: Int
    /// That block's hash; empty where the client does not tell.
    var hash: String
    /// The programs with their versions.
    var client: String
    /// When, ISO 8601.
    var moment: String
    /// How the data will have been, once the making is proved.
    var consistency: ImageDescription.Consistency

    /// What a node said when it was sealed.
    /// - Throws: `Problem` where it does not know its height.
    init(_ seal: Seal, of node: Node) throws {
        token = seal.token
        height = try Self.known(seal.height, of: node)
        (hash, client, moment, consistency) = (seal.hash, seal.client, seal.sealed, .clean)
    }

    /// What a node says that goes on.
    /// - Throws: `Problem` where it does not know its height.
    init(_ report: NodeReport, of node: Node) throws {
        token = ClientToken.random()
        height = try Self.known(report.height, of: node, report.reason ?? report.state)
        (hash, client) = (report.hash ?? "", report.client ?? "unknown 0")
        (moment, consistency) = (report.at, .crash)
    }

    private static func known(_ height: Int?, of node: Node, _ cause: String? = nil) throws -> Int {
        if let height { return height }
        throw Problem(
            "\(node.name) does not know its height yet, which an image's name tells", cause: cause,
            fix: "cloudrails node wait \(node.name) --until installed, then the same command again", kind: .tryLater)
    }

    /// The call that makes the image. Two makings under one seal are one: they have one name, and AWS takes it once.
    /// - Throws: `Problem` where a part cannot stand in an image's name.
    func call(for node: Node, _ request: ImageRequest) throws -> CreateImage {
        let suffix = request.suffix
        guard let target = Target(node.target), let architecture = Architecture(rawValue: node.architecture),
            let made = ImageName.made(at: moment),
            let name = ImageName(
                target: target, height: height, version: ImageName.version(of: client), made: made,
                architecture: architecture, suffix: suffix),
            let description = ImageDescription(
                target: target, height: height, hash: hash, clients: client, consistency: consistency)
        else {
            throw Problem(
                "An image of \(node.name) cannot be named",
                cause: "\(node.target) at height \(height), \(client), \(moment) and \(suffix ?? "no suffix") "
                    + "are too long together, or have what a name cannot have",
                fix: suffix == nil ? nil : "a shorter --name-suffix")
        }
        return CreateImage(
            instanceID: node.id, name: name.description, description: description.description,
            tags: tags(of: node, request))
    }

    /// On the image and on its snapshots, from the call that makes them. Whether they are clean nobody knows before the end.
    private func tags(of node: Node, _ request: ImageRequest) -> [Tag] {
        let isProved = consistency == .crash
        // Two images of one seal have snapshots of their own.
        let making = request.suffix.map { "\(token) \($0)" } ?? token
        let known = [
            Tag(Tags.node, node.name), Tag(Tags.chain, node.target), Tag("Name", node.name),
            Tag(Tags.height, String(height)), Tag(Tags.client, client), Tag(Tags.seal, making),
            Tag(Tags.consistency, isProved ? consistency.rawValue : NodeImage.Consistency.sealing.rawValue),
            Tag(Tags.unfinished, "yes"),
        ]
        return known + [Tag(Tags.hash, hash), Tag(Tags.allowed, request.allowedInWords)].filter { !$0.value.isEmpty }
    }
}
