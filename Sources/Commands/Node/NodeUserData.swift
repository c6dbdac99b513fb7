import ChainKit
import CommandLineKit
import Engine

/// `cloudrails node user-data TARGET`
struct NodeUserData: Command {
    static let configuration = CommandConfiguration(
        commandName: "user-data",
        abstract: "Print the script that a launch would send to the machine.",
        discussion: "Needs no AWS account. Where the script is larger than EC2 takes, a launch sends it packed.",
        examples: [
            .init("cloudrails node user-data bitcoin.org/mainnet", "Read what will run on your machine.")
        ])

    @OptionGroup var global: GlobalOptions

    @Argument(help: "The target.", valueName: "target", completion: .custom("targets"))
    var target: String

    @Option(help: "The node's name. Default: the target with '-' for '/'.", valueName: "name")
    var name: String?

    @Option(help: "The processor architecture. Default: the chain's own.", valueName: "arch")
    var arch: Architecture?

    func run(_ context: Context) async throws {
        let profile = try TargetArgument.profile(target)
        let node = name ?? profile.target.defaultNodeName
        try NodeName.validate(node)
        let data = try UserData.make(
            profile: profile, node: node, architecture: arch ?? profile.architecture,
            region: global.region ?? "us-east-2", data: .new)
        let result = PrintedUserData(
            target: target, script: String(decoding: data.script, as: UTF8.self), bytesSent: try await data.sent().count
        )
        try context.emit(result) { result.script }
    }
}

/// What `node user-data --json` prints.
struct PrintedUserData: Codable {
    var target: String
    var script: String
    var bytesSent: Int
}
