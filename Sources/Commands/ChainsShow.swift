import ChainKit
import CommandLineKit

/// `cloudrails chains show TARGET`
struct ChainsShow: Command {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Everything about one target: releases, hashes, machine, disk, ports, sources.",
        examples: [.init("cloudrails chains show bitcoin.org/mainnet", "Show what a bitcoin node is made of.")])

    @OptionGroup var global: GlobalOptions

    @Argument(help: "The target.", valueName: "target", completion: .custom("targets"))
    var target: String

    func run(_ context: Context) async throws {
        let report = TargetReport(try TargetArgument.profile(target))
        try context.emit(report) { report.text }
    }
}

/// What `chains show --json` prints.
struct TargetReport: Codable {
    struct File: Codable {
        var architecture: String
        var url: String
        var sha256: String?
    }
    struct ReleaseReport: Codable {
        var client: String
        var version: String
        var files: [File]
        var signedBy: String?
        var signedManifest: String?
    }
    struct Disk: Codable {
        var sizeGiB: Int
        var usedGiB: Int
        var growthGiBPerMonth: Int
        var iops: Int
        var throughputMiBps: Int
        var asOf: String
        var source: String
    }
    struct PortReport: Codable {
        var number: Int
        var transport: String
        var scope: String
        var purpose: String
    }
    struct ServiceReport: Codable {
        var unit: String
        var stopTimeoutSeconds: Int
    }
    struct SourceReport: Codable {
        var fact: String
        var place: String
    }

    var target: String
    var title: String
    var validity: String
    var validityReason: String?
    var releases: [ReleaseReport]
    var instanceTypes: [String: String]
    var architecture: String
    var disk: Disk
    var ports: [PortReport]
    var services: [ServiceReport]
    var requires: [String]
    var sources: [SourceReport]

    init(_ profile: any ChainProfile) {
        target = profile.target.description
        title = profile.title
        validity = profile.validity.word
        validityReason = profile.validity.reason
        releases = profile.releases.map(Self.report)
        instanceTypes = Dictionary(
            uniqueKeysWithValues: profile.instanceTypes.map { ($0.key.rawValue, $0.value.rawValue) })
        architecture = profile.architecture.rawValue
        let plan = profile.disk
        disk = Disk(
            sizeGiB: plan.sizeGiB, usedGiB: plan.usedGiB, growthGiBPerMonth: plan.growthGiBPerMonth, iops: plan.iops,
            throughputMiBps: plan.throughputMiBps, asOf: plan.asOf, source: plan.source)
        ports = profile.ports.map {
            PortReport(
                number: $0.number, transport: $0.transport.rawValue, scope: $0.scope.rawValue, purpose: $0.purpose)
        }
        services = profile.services.map { ServiceReport(unit: $0.unit, stopTimeoutSeconds: $0.stopTimeout) }
        requires = profile.requires.map(\.description)
        sources = profile.sources.map { SourceReport(fact: $0.fact, place: $0.place) }
    }

    private static func report(_ release: Release) -> ReleaseReport {
        let files = release.artifacts.sorted { $0.key.rawValue < $1.key.rawValue }
            .map { File(architecture: $0.key.rawValue, url: $0.value.url, sha256: $0.value.sha256) }
        return ReleaseReport(
            client: release.client, version: release.version, files: files, signedBy: release.signature?.fingerprint,
            signedManifest: release.signature?.manifest)
    }

    var text: String {
        var lines = ["\(target)  \(title)"]
        if let validityReason { lines.append("\(validity.uppercased()): \(validityReason)") }
        for release in releases {
            lines.append("\n\(release.client) \(release.version)")
            for file in release.files {
                lines.append("  \(file.architecture)  \(file.url)")
                lines.append("    SHA-256 \(file.sha256 ?? "not published; the signature is checked")")
            }
            if let key = release.signedBy { lines.append("  signed by \(key)") }
            if let manifest = release.signedManifest { lines.append("    on \(manifest)") }
        }
        let machines = instanceTypes.sorted { $0.key < $1.key }.map { "\($0.value) (\($0.key))" }
        lines.append("\nMachine   \(machines.joined(separator: " or ")), by default \(architecture)")
        lines.append("Disk      \(disk.sizeGiB) GiB gp3, \(disk.iops) IOPS, \(disk.throughputMiBps) MiB/s")
        lines.append(
            "          \(disk.usedGiB) GiB used, \(disk.growthGiBPerMonth) GiB more a month (\(disk.asOf); \(disk.source))"
        )
        if !requires.isEmpty { lines.append("Requires  \(requires.joined(separator: ", "))") }
        lines.append("\nPorts")
        lines += ports.map {
            "  \($0.number)/\($0.transport)  \($0.scope == "p2p" ? "open to the world" : "loopback only")  \($0.purpose)"
        }
        lines.append("\nServices")
        lines += services.map { "  \($0.unit)  stops within \($0.stopTimeoutSeconds) s" }
        lines.append("\nSources")
        lines += sources.map { "  \($0.fact): \($0.place)" }
        return lines.joined(separator: "\n")
    }
}
