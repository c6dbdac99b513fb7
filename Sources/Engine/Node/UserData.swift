internal import AWS
public import ChainKit
import Foundation
import NodeTemplate

/// What a node runs at its first boot: one shell script of settings, bootstrap, helper and the chain's `install.sh`.
/// The same launch always gives the same bytes, as its ClientToken demands.
public struct UserData: Sendable {
    /// The script, readable.
    public let script: [UInt8]

    /// The most that EC2 takes, before base64
    /// (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-add-user-data.html).
    public static let limit = 16_384

    /// What the data volume holds when the machine first boots.
    public enum Data: Sendable {
        /// Nothing: the launch makes it. This alone leaves a permission to format, which goes when the volume is mounted.
        case new
        /// A chain's data, of an earlier node or from an image. It is mounted, and never formatted.
        case existing
    }

    /// The script for a node. `data` is no part of the release: an upgrade is the same for all.
    public static func make(
        profile: any ChainProfile, node: String, architecture: Architecture, region: String, data: Data
    ) throws -> UserData {
        let variables = variables(profile, node: node, architecture: architecture, region: region)
        // A boothook runs at every boot, so a power cut while it writes its files heals at the next one
        // (https://docs.cloud-init.io/en/latest/explanation/format/cloud-boothook.html).
        var script = Array("#cloud-boothook\n#!/usr/bin/env bash\n# \(profile.target), made by cloudrails\n".utf8)
        script += files(variables: variables, install: profile.installScript)
        script += start(data)
        return UserData(script: script)
    }

    /// What is sent to EC2: the script itself, or packed where it is too large. cloud-init unpacks gzip by itself.
    /// - Throws: `Problem` where not even the packed script fits, or `gzip` is missing.
    public func sent() async throws -> [UInt8] {
        guard script.count > Self.limit else { return script }
        let packed = try await Self.gzip(script)
        guard packed.count <= Self.limit else {
            throw Problem(
                "The node's script is too large: \(packed.count) bytes packed", cause: "EC2 takes \(Self.limit) bytes",
                fix: "shorten the chain's install.sh")
        }
        return packed
    }

    /// Writes each part to its file in the release's folder, which its content names, so that releases lie side by side and
    /// `cloudrails-node upgrade` moves from one to the other. A delimiter that no part holds parts them.
    private static func files(variables: [(String, String)], install: [UInt8]) -> [UInt8] {
        let settings = variables.map { "\($0.0)=\(shellQuoted($0.1))\n" }.joined()
        let parts: [(name: String, mode: String, bytes: [UInt8])] = [
            ("node.env", "0644", Array(settings.utf8)),
            ("install.sh", "0644", install),
            ("status.py", "0644", NodeTemplate.status),
            ("seal.sh", "0644", withoutComments(NodeTemplate.seal)),
            ("cloudrails-node", "0755", withoutComments(NodeTemplate.helper)),
            ("bootstrap.sh", "0755", withoutComments(NodeTemplate.bootstrap)),
        ]
        var mark = "END_OF_FILE"
        while parts.contains(where: { $0.bytes.firstRange(of: mark.utf8) != nil }) { mark += "_" }
        let name = Digest.hex(Digest.sha256(parts.flatMap(\.bytes))).prefix(12)
        var script = Array("set -eu\nrelease=/usr/local/lib/cloudrails/\(name)\nmkdir -p \"$release\"\n".utf8)
        for part in parts {
            let file = "\"$release/\(part.name)\""
            script += Array("cat >\(file).new <<'\(mark)'\n".utf8) + part.bytes
            if part.bytes.last != UInt8(ascii: "\n") { script.append(UInt8(ascii: "\n")) }
            script += Array("\(mark)\nchmod \(part.mode) \(file).new\nmv \(file).new \(file)\n".utf8)
        }
        return script
    }

    /// A fifth of our scripts tells why; EC2's limit leaves no room for that.
    static func withoutComments(_ script: [UInt8]) -> [UInt8] {
        let lines = script.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        let kept = lines.filter { line in
            let text = line.drop { $0 == UInt8(ascii: " ") }
            return text.first != UInt8(ascii: "#") || text.dropFirst().first == UInt8(ascii: "!")
        }
        return Array(kept.joined(separator: [UInt8(ascii: "\n")]))
    }

    /// An upgrade wants the files only. cloud-init tells a boothook the instance's id: what its first boot alone does, `boot`
    /// knows by that.
    private static func start(_ data: Data) -> [UInt8] {
        let script = """
            if [ "${1:-}" = unpack ]; then
                echo "$release"
                exit
            fi
            "$release/cloudrails-node" boot "$INSTANCE_ID" \(data)

            """
        return Array(script.utf8)
    }

    private static func variables(
        _ profile: any ChainProfile, node: String, architecture: Architecture, region: String
    ) -> [(String, String)] {
        var result: [(String, String)] = [
            ("CLOUDRAILS_NODE", node), ("CLOUDRAILS_TARGET", profile.target.description),
            ("CLOUDRAILS_REGION", region), ("CLOUDRAILS_DEVICE", Launch.dataDevice),
            ("CHAIN_ID", profile.target.id), ("CHAIN_DATA", "/data/\(profile.target.id)"),
            ("CHAIN_SERVICES", profile.services.map(\.unit).joined(separator: " ")),
            ("CHAIN_CLIENT", profile.clients),
        ]
        // Only where it differs from what the node takes for granted: elsewhere the bytes stay those of earlier launches.
        let domain = Partition.of(region: region).suffix
        if domain != "amazonaws.com" { result.append(("CLOUDRAILS_DOMAIN", domain)) }
        for service in profile.services {
            result.append(("\(variableName(service.unit))_STOP_TIMEOUT", String(service.stopTimeout)))
        }
        for release in profile.releases {
            let name = variableName(release.client)
            let artifact = release.artifacts[architecture]
            result.append(("\(name)_VERSION", release.version))
            result.append(("\(name)_URL", artifact?.url ?? ""))
            result.append(("\(name)_SHA256", artifact?.sha256 ?? ""))
            if let signature = release.signature {
                result.append(("\(name)_FINGERPRINT", signature.fingerprint))
                result.append(("\(name)_MANIFEST", signature.manifest ?? ""))
            }
        }
        return result + profile.settings.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    /// `bitcoin-core` and `geth.service` as shell variables: `BITCOIN_CORE`, `GETH`.
    static func variableName(_ text: String) -> String {
        let stem = text.hasSuffix(".service") ? String(text.dropLast(8)) : text
        return String(stem.uppercased().map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
    }

    static func shellQuoted(_ text: String) -> String { "'\(text.replacing("'", with: #"'\''"#))'" }

    /// By the system's own gzip; without name and time in it, so that the same script gives the same bytes.
    private static func gzip(_ bytes: [UInt8]) async throws -> [UInt8] {
        // Nothing but its path: GZIP would change how it packs.
        let path = ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? ""]
        let cause: String
        do {
            let ended = try await ChildProcess.run(["gzip", "-9", "-n"], environment: path, input: bytes)
            guard ended.status != 0 else { return ended.output }
            cause = "gzip ended with status \(ended.status): \(String(decoding: ended.errors, as: UTF8.self))"
        } catch let error as ConfigurationError {
            cause = error.summary
        }
        throw Problem("The node's script cannot be packed", cause: cause, fix: "install gzip")
    }
}
