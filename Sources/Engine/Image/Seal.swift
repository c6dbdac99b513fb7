import AWS
import Foundation

/// A node at rest for a moment: its client has ended, its identity and secrets are set aside, its data is frozen. The node
/// ends that by itself when its time is over, or when it restarts.
struct Seal: Sendable, Decodable {
    /// One word for each time that a node is sealed.
    var token: String
    /// The last block that it has; nil where its client does not tell.
    var height: Int?
    /// That block's hash; empty where its client does not tell.
    var hash: String
    /// Its programs with their versions.
    var client: String
    /// Since when, by the node's clock, ISO 8601.
    var sealed: String
}

/// What a node remembers of a seal that has ended.
struct SealRecord: Sendable, Decodable {
    /// The seal's word.
    var token: String
    /// From when, by the node's clock, ISO 8601.
    var sealed: String
    /// Until when.
    var unsealed: String
    /// For how long its client was down.
    var stoppedSeconds: Int

    /// How far a node's clock may be from AWS's: both follow the same source.
    private static let clockDoubt = 1.0

    /// True where the node was sealed at a moment of AWS's. What a record in whole seconds leaves open at its end is no.
    func covers(_ moment: String) -> Bool {
        guard let from = Timestamp.seconds(sealed), let until = Timestamp.seconds(unsealed),
            let moment = Timestamp.seconds(moment)
        else { return false }
        return from - Self.clockDoubt <= moment && moment <= until
    }
}

extension Environment {
    /// Runs some work while a node is sealed, and unseals it whatever becomes of the work, also after Ctrl-C.
    /// - Parameter allowed: files that look like a wallet and are none that matters.
    /// - Returns: what the work came to, and what the node remembers.
    func whileSealed<Value: Sendable>(
        _ node: Node, allowed: [String], via: RemoteRoute?, _ work: (Seal) async throws -> Value
    ) async throws -> (Value, SealRecord?) {
        let seal = try await step("seal", "sealing \(node.name)", done: Self.whatIsSealed) {
            try await self.seal(node, allowed: allowed, via: via)
        }
        let value: Value
        do {
            value = try await work(seal)
        } catch {
            await unsealAnyhow(node, via)
            throw error
        }
        let record = try await step("unseal", "\(node.name) goes on", done: Self.howLong) {
            try await unseal(node, seal.token, via)
        }
        return (value, record)
    }

    private static func whatIsSealed(_ seal: Seal) -> String { seal.height.map { "at height \($0)" } ?? "" }

    private static func howLong(_ record: SealRecord?) -> String {
        record.map { "its client was down for \($0.stoppedSeconds) s" } ?? ""
    }

    private func seal(_ node: Node, allowed: [String], via: RemoteRoute?) async throws -> Seal {
        let words = ["cloudrails-node", "seal"] + allowed.flatMap { ["--allow", $0] }
        let result: RemoteResult
        do {
            result = try await remote(words, on: node, via: via, title: "cloudrails-node seal")
        } catch let problem as Problem where problem.kind == .refused {
            // Nothing ran there.
            throw problem
        } catch {
            await unsealAnyhow(node, via)
            throw error
        }
        if isPlan { return Self.plannedSeal(node) }
        try Self.requireSuccess(node, result)
        guard let seal = Self.decoded(Seal.self, result.stdout) else {
            await unsealAnyhow(node, via)
            throw Self.helperFailed(node, result)
        }
        return seal
    }

    /// Unseals a node, which may be unsealed already.
    ///
    /// It cannot be left: a node that stands still costs more than a moment.
    /// - Returns: what the node remembers of that seal; nil where it remembers another, or none.
    func unseal(_ node: Node, _ token: String, _ via: RemoteRoute?) async throws -> SealRecord? {
        let words = ["cloudrails-node", "unseal", "--token", token]
        let result = try await Task {
            try await remote(words, on: node, via: via, title: "cloudrails-node unseal")
        }.value
        if isPlan { return Self.plannedRecord(token) }
        try Self.requireSuccess(node, result)
        return Self.decoded(SealRecord.self, result.stdout).flatMap { $0.token == token ? $0 : nil }
    }

    /// Unseals a node after something went wrong, which is what people are to be told.
    private func unsealAnyhow(_ node: Node, _ via: RemoteRoute?) async {
        do {
            try await Task {
                try await step("unseal", "\(node.name) goes on", done: { "unsealed" }) {
                    try await helper("unseal", on: node, via: via)
                }
            }.value
        } catch {
            let why = (error as? Problem)?.summary ?? "\(error)"
            events(.warning("\(node.name) could not be told to go on (\(why)); it does so by itself within minutes."))
        }
    }

    /// Looks for wallets on a node that goes on, as sealing one does first.
    /// - Throws: `Problem` that names them.
    func refuseWallets(on node: Node, allowed: [String], via: RemoteRoute?) async throws {
        let words = ["cloudrails-node", "wallets"] + allowed.flatMap { ["--allow", $0] }
        try Self.requireSuccess(node, try await remote(words, on: node, via: via, title: "cloudrails-node wallets"))
    }

    /// What the helper's exit status says.
    private static func requireSuccess(_ node: Node, _ result: RemoteResult) throws {
        switch result.exitCode {
        case 0: return
        case 3:
            let files = result.stdout.split(whereSeparator: \.isNewline).map(String.init)
            throw Problem(
                "\(node.name) holds what must not be on an image", cause: files.joined(separator: "\n           "),
                fix: "move these wallets, validator keys or keystores off the node; or --allow FILE for each that may "
                    + "be on the image")
        case 64:
            throw Problem(
                "\(node.name) is of a release that cannot be sealed", cause: "its cloudrails-node knows no such word",
                fix: "cloudrails node upgrade \(node.name) --force, then the same command again")
        default: throw helperFailed(node, result)
        }
    }

    private static func decoded<Value: Decodable>(_: Value.Type, _ json: String) -> Value? {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try? decoder.decode(Value.self, from: Data(json.utf8))
    }

    /// What a plan supposes: the height that the node last reported.
    static func plannedSeal(_ node: Node) -> Seal {
        Seal(
            token: "planned", height: node.reported?.height ?? 0, hash: "", client: "planned 0",
            sealed: Timestamp.text(Timestamp.now()))
    }

    private static func plannedRecord(_ token: String) -> SealRecord {
        SealRecord(
            token: token, sealed: "0001-01-01T00:00:00Z", unsealed: "9999-12-31T23:59:59Z", stoppedSeconds: 0)
    }
}
