import CommandLineKit
import Engine

/// Which network is meant, and what its parts are called.
struct NetworkOptions: OptionGroupArguments {
    @Option(help: "The network's name; its parts are named after it.", valueName: "name")
    var network: String = "blockchain-nodes"

    @Option(help: "The key pair's name in AWS. Default: <network>-keypair.", valueName: "name")
    var keyPair: String?

    @Option(
        help: "The file with the private half of the key pair. Default: ~/.config/cloudrails/keys/<key pair>.pem.",
        valueName: "file", completion: .file)
    var keyFile: String?

    @Option(
        help: "The IAM role and instance profile of the nodes. One that you name is used as it is if it exists.",
        valueName: "name")
    var role: String?

    init() {}

    /// The names that follow from the options.
    func names() throws -> NetworkNames {
        for name in [network, keyPair, role].compactMap({ $0 }) { try NodeName.validate(name) }
        return NetworkNames(network: network, keyPair: keyPair, role: role ?? NetworkNames().role)
    }

    /// The private key's place.
    func keyFilePath(_ context: Context) throws -> String {
        if let keyFile { return keyFile }
        return "\(ConfigurationFolder.keys(context))/\(try names().keyPair).pem"
    }
}
