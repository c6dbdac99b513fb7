import Foundation
import Testing

/// Imports run one way: cloudrails → Commands → Engine → AWS → HTTP → C; chains → ChainKit; Engine → ChainKit; only
/// ChainRegistry imports chains.
@Suite struct ImportsTests {
    /// What each module may import of the project's own.
    private static let allowed: [String: Set<String>] = [
        "cloudrails": ["Commands", "CommandLineKit"],
        "Commands": ["CommandLineKit", "Engine", "AWS", "HTTP", "ChainKit", "ChainRegistry"],
        "CommandLineKit": [],
        "Engine": ["AWS", "ChainKit", "CLibCrypto", "NodeTemplate"],
        "AWS": ["HTTP", "CLibCrypto"],
        "HTTP": ["CLibCurl"],
        "ChainKit": [],
        "ChainRegistry": Set(["ChainKit"] + chains.map(\.module)),
        "NodeTemplate": [],
    ]

    /// What comes with the toolchain and the system. FoundationNetworking is not among them: it brings a second libcurl,
    /// with settings of its own.
    private static let system: Set<String> = [
        "Foundation", "FoundationXML", "Synchronization", "Dispatch", "Glibc", "Darwin",
    ]

    private static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// Every folder of `chains/` with the module in it.
    private static let chains: [(folder: String, module: String)] = files(in: "chains").map { path in
        let parts = path.split(separator: "/").map(String.init)
        return (parts[1], String(parts[2].dropLast(6)))
    }

    /// Paths of the Swift files below a folder of the project.
    private static func files(in folder: String) -> [String] {
        let found = FileManager.default.enumerator(atPath: root.appendingPathComponent(folder).path)
        return (found?.compactMap { $0 as? String } ?? []).filter { $0.hasSuffix(".swift") }.map { "\(folder)/\($0)" }
            .sorted()
    }

    private static func imports(_ path: String) throws -> [String] {
        let text = try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
        // With attributes, access and kind: `@testable import A`, `public import A`, `import struct A.B`.
        let line = /(?m)^\s*(?:[@\w()]+\s+)*import\s+(?:(?:struct|class|enum|protocol|func|typealias|var|let)\s+)?(\w+)/
        return text.matches(of: line).map { String($0.output.1) }
    }

    private static let sources = files(in: "Sources")

    @Test func thereAreFilesToLookAt() {
        #expect(Self.sources.count > 100 && Self.chains.count >= 3)
        #expect(Set(Self.sources.map { $0.split(separator: "/")[1] }.map(String.init)).isSubset(of: Self.allowed.keys))
    }

    @Test(arguments: sources) func modulesImportDownwardsOnly(path: String) throws {
        let module = String(path.split(separator: "/")[1])
        let allowed = try #require(Self.allowed[module], "say in this test what \(module) may import")
        for name in try Self.imports(path) where !allowed.contains(name) && !Self.system.contains(name) {
            Issue.record("\(path) must not import \(name)")
        }
    }

    @Test(arguments: files(in: "chains")) func chainsImportChainKitOnly(path: String) throws {
        #expect(try Self.imports(path) == ["ChainKit"], "\(path): a chain is a declaration, and knows ChainKit alone")
    }

    @Test(arguments: files(in: "templates")) func templatesImportNothing(path: String) throws {
        #expect(try Self.imports(path).isEmpty)
    }

    /// In tests neither: the library would be in the same process.
    @Test(arguments: files(in: "Tests") + ["Package.swift"]) func nobodyBringsASecondLibcurl(path: String) throws {
        #expect(try !Self.imports(path).contains { $0.hasPrefix("FoundationNetworking") || $0 == "XCTest" })
    }

    /// There is no way round from a module back to it.
    @Test func theGraphHasNoCircle() {
        var left = Self.allowed.mapValues { $0.intersection(Self.allowed.keys) }
        while let (leaf, _) = left.first(where: { $0.value.isEmpty }) {
            left[leaf] = nil
            for module in left.keys { left[module]?.remove(leaf) }
        }
        #expect(left.isEmpty)
    }
}
