import CommandLineKit

/// Where the project keeps files on this machine: XDG's configuration folder.
enum ConfigurationFolder {
    static func path(_ context: Context) -> String {
        let given = context.environment["XDG_CONFIG_HOME"].flatMap { $0.isEmpty ? nil : $0 }
        return "\(given ?? "\(Session.home(context))/.config")/cloudrails"
    }

    /// The private halves of key pairs.
    static func keys(_ context: Context) -> String { "\(path(context))/keys" }
}
