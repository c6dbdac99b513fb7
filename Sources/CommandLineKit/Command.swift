#if compiler(>=6.2)
    /// Types that may be named from any task.
    public typealias SendableType = SendableMetatype
#else
    /// Types that may be named from any task; before Swift 6.2 all may.
    public typealias SendableType = Any
#endif

/// A command: its arguments as wrapped properties, and what it does.
///
///     struct Greet: Command {
///         static let configuration = CommandConfiguration(
///             commandName: "greet", abstract: "Say hello.", examples: [.init("tool greet Ada", "Greet Ada.")])
///
///         @Argument(help: "Whom to greet.") var name: String
///         @Option(help: "How often.", valueName: "number") var count: Int = 1
///         @Flag(short: "y", help: "Do not ask.") var yes: Bool = false
///
///         func validate() throws {
///             if count < 1 { throw UsageError("--count is at least 1") }
///         }
///
///         func run(_ context: Context) async throws {
///             try context.requireAnswer(yes, flag: "--yes")
///             if !yes { try context.confirm("Greet \(name)?") }
///             context.steps.begin("greet", "Greeting \(name)")
///             let greeting = Greeting(name: name, count: count)
///             context.steps.finish("greet", "")
///             try context.emit(greeting) { "Hello, \(greeting.name)" }
///         }
///     }
///
///     struct Greeting: Codable { var name: String, count: Int }
///
/// The words are those of swift-argument-parser.
public protocol Command: SendableType {
    /// Its name, its help, and the commands below it.
    static var configuration: CommandConfiguration { get }
    /// True where Ctrl-C is the usual end, as nothing is left unfinished by it.
    static var isView: Bool { get }
    /// A command with nothing parsed yet.
    init()
    /// Refuses combinations that make no sense, before anything is done.
    /// - Throws: `UsageError`.
    func validate() throws
    /// Does it.
    func run(_ context: Context) async throws
}

extension Command {
    /// A command that does something.
    public static var isView: Bool { false }
    /// Nothing to refuse.
    public func validate() throws {}
    /// A command that only has others below it shows its help.
    public func run(_ context: Context) async throws { throw HelpRequest() }
}

/// Options that several commands share, as one property with `@OptionGroup`.
public protocol OptionGroupArguments {
    /// A group with nothing parsed yet.
    init()
    /// Refuses combinations that make no sense.
    /// - Throws: `UsageError`.
    func validate() throws
}

extension OptionGroupArguments {
    /// Nothing to refuse.
    public func validate() throws {}
}

/// A command's name, its help, and the commands below it.
public struct CommandConfiguration: Sendable {
    /// A line that can be typed, and what it does.
    public struct Example: Sendable {
        /// The line.
        public var line: String
        /// What it does.
        public var meaning: String
        /// A line and what it does.
        public init(_ line: String, _ meaning: String) {
            self.line = line
            self.meaning = meaning
        }
    }

    /// What is typed.
    public var commandName: String
    /// One sentence.
    public var abstract: String
    /// Paragraphs, parted by empty lines.
    public var discussion: String
    /// Shown first in the help.
    public var examples: [Example]
    /// The commands below it.
    public var subcommands: [any Command.Type]
    /// False hides it from help and completions.
    public var shouldDisplay: Bool

    /// A configuration from its parts.
    public init(
        commandName: String, abstract: String, discussion: String = "", examples: [Example] = [],
        subcommands: [any Command.Type] = [], shouldDisplay: Bool = true
    ) {
        self.commandName = commandName
        self.abstract = abstract
        self.discussion = discussion
        self.examples = examples
        self.subcommands = subcommands
        self.shouldDisplay = shouldDisplay
    }
}

/// What was typed cannot be understood. Exit code 64.
public struct UsageError: Error, Sendable {
    /// What is wrong.
    public var message: String
    /// What may have been meant: a command, an option or a value.
    public var suggestion: String?
    /// What to type next, where nothing like it was meant.
    public var fix: String?

    /// An error from its parts.
    public init(_ message: String, suggestion: String? = nil, fix: String? = nil) {
        self.message = message
        self.suggestion = suggestion
        self.fix = fix
    }

    /// The error as it is shown. Exit code 64.
    /// - Parameter help: the command whose help is pointed at where nothing better is known.
    public func diagnostic(help: String? = nil) -> Diagnostic {
        let advice = suggestion.map { "did you mean '\($0)'?" } ?? fix ?? help.map { "\($0) --help" }
        return Diagnostic(message, fix: advice, exitCode: .usage)
    }
}

/// The user asked for help. Exit code 0.
public struct HelpRequest: Error, Sendable {
    /// Asks for the help of the command that throws it.
    public init() {}
}
