import ChainKit
import ChainRegistry
import Foundation
import Testing

/// A chain stands in three places: its folder, the array in Package.swift and the registry. One that is missing somewhere
/// would silently not be there.
@Suite struct ChainListsTests {
    private static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    private func read(_ path: String) throws -> String {
        try String(contentsOf: Self.root.appendingPathComponent(path), encoding: .utf8)
    }

    /// The folder and module of each line of the array.
    private func listed() throws -> [(folder: String, module: String)] {
        let text = try read("Package.swift")
        let array = try #require(text.firstMatch(of: /(?ms)^let chains = \[\n(.*?)^\]/)).output.1
        return array.matches(of: /\(folder: "([^"]+)", module: "([^"]+)"\)/).map {
            (String($0.output.1), String($0.output.2))
        }
    }

    @Test func foldersAndPackageAgree() throws {
        let folders = try FileManager.default.contentsOfDirectory(atPath: Self.root.path + "/chains").sorted()
        let listed = try listed().map(\.folder).sorted()
        for folder in folders where !listed.contains(folder) {
            Issue.record(
                "chains/\(folder) is not built: add (folder: \"\(folder)\", module: …) to chains in Package.swift")
        }
        for folder in listed where !folders.contains(folder) {
            Issue.record("Package.swift lists \(folder): make the folder chains/\(folder), or delete the line")
        }
    }

    @Test func packageAndRegistryAgree() throws {
        let file = "Sources/ChainRegistry/ChainRegistry.swift"
        let text = try read(file)
        let imported = Set(text.matches(of: /(?m)^import (\w+)/).map { String($0.output.1) })
        let modules = try listed().map(\.module)
        for module in modules where !imported.contains(module) {
            Issue.record("\(module) is in no list of targets: add 'import \(module)' and its targets to \(file)")
        }
        for module in imported.subtracting(modules).sorted() {
            Issue.record("\(file) imports \(module): add it to chains in Package.swift, or delete the import")
        }
    }

    @Test func everyChainHasItsThreeFiles() throws {
        for (folder, module) in try listed() {
            for name in ["\(module).swift", "install.sh", "README.md"] {
                let path = "chains/\(folder)/\(name)"
                if !FileManager.default.fileExists(atPath: Self.root.path + "/" + path) {
                    Issue.record("\(path) is missing: write it as in the folders of the other chains")
                }
            }
        }
    }

    /// Every chain's list of targets is among the registry's.
    @Test func everyTargetOfAChainIsKnown() throws {
        let known = Set(ChainRegistry.profiles.map(\.target.id))
        for (folder, module) in try listed() {
            let text = try read("chains/\(folder)/\(module).swift")
            let ids = Set(text.matches(of: /Target\(id: "([^"]+)"/).map { String($0.output.1) })
            #expect(!ids.isEmpty, "chains/\(folder)/\(module).swift names no target")
            for id in ids where !known.contains(id) {
                Issue.record("\(id) is in no list: add the list of \(module) to profiles in ChainRegistry.swift")
            }
        }
    }

    @Test func targetsAreUniqueAndSorted() {
        let targets = ChainRegistry.profiles.map(\.target)
        #expect(Set(targets).count == targets.count)
        #expect(targets == targets.sorted())
        #expect(Set(targets.map(\.defaultNodeName)).count == targets.count)
    }

    @Test func aTargetIsFoundByItsNameOnly() {
        for profile in ChainRegistry.profiles {
            #expect(ChainRegistry.profile(profile.target.description)?.target == profile.target)
        }
        for name in ["", "bitcoin.org", "bitcoin.org/", "Bitcoin.org/mainnet", "bitcoin.org/mainnet "] {
            #expect(ChainRegistry.profile(name) == nil)
        }
    }
}
