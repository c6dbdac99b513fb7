/// What can be read from one word of the command line.
public protocol ExpressibleByArgument {
    /// Reads a word; nil when it cannot be read.
    init?(argument: String)
    /// All words that can be read, where they can be listed.
    static var allValueStrings: [String] { get }
    /// What is wanted, with its article, such as `a whole number`; empty where any word will do.
    static var valueForm: String { get }
}

extension ExpressibleByArgument {
    /// Not to be listed.
    public static var allValueStrings: [String] { [] }
    /// Any word.
    public static var valueForm: String { "" }
}

extension String: ExpressibleByArgument {
    /// Any word.
    public init?(argument: String) { self = argument }
}

extension Int: ExpressibleByArgument {
    /// A whole number.
    public init?(argument: String) { self.init(argument) }
    /// A whole number.
    public static var valueForm: String { "a whole number" }
}

extension ExpressibleByArgument where Self: RawRepresentable, RawValue == String {
    /// By raw value.
    public init?(argument: String) { self.init(rawValue: argument) }
}

extension ExpressibleByArgument where Self: CaseIterable & RawRepresentable, RawValue == String {
    /// All raw values.
    public static var allValueStrings: [String] { allCases.map(\.rawValue) }
}

/// What shells offer for a value.
public enum Completion: Sendable, Equatable {
    /// Nothing but the values that can be listed.
    case none
    /// Files.
    case file
    /// Words that the program itself looks up, by this name.
    case custom(String)
}

/// Where a wrapped property keeps its value: the parser reaches it through the command's mirror.
final class Box<Value> {
    var value: Value?
    init(_ value: Value?) { self.value = value }
}

/// What is allowed where a value is wanted, for errors, help and completions.
struct Allowed {
    var values: [String] = []
    var form = ""

    init() {}
    init(_ type: any ExpressibleByArgument.Type) {
        values = type.allValueStrings
        form = type.valueForm
    }
}

/// One argument of a command, as the parser, the help and the completions see it.
struct ArgumentDefinition {
    enum Kind { case positional, option, flag }
    var kind: Kind
    /// The property's name in kebab-case.
    var name: String
    var short: Character?
    var help: String
    var valueName: String
    var isRequired: Bool
    var isRepeating: Bool
    var defaultText: String?
    var allowed: Allowed
    var completion: Completion
    /// Takes a word; false when it cannot be read.
    var take: (String) -> Bool

    /// As it is written: `--disk-size <gib>`, `<target>`.
    var usage: String {
        switch kind {
        case .positional: isRepeating ? "<\(valueName)> ..." : "<\(valueName)>"
        case .option: "--\(name) <\(valueName)>" + (isRepeating ? " ..." : "")
        case .flag: "--\(name)"
        }
    }
}

/// A wrapped property that is an argument.
protocol ArgumentProviding {
    func definition(_ name: String) -> ArgumentDefinition
}

/// A word that stands by itself.
@propertyWrapper public struct Argument<Value>: ArgumentProviding {
    private let box: Box<Value>
    private let help: String
    private let valueName: String?
    private let isRequired: Bool
    private let isRepeating: Bool
    private let allowed: Allowed
    private let completion: Completion
    private let read: (String) -> Value?

    /// What was typed.
    public var wrappedValue: Value {
        guard let value = box.value else { preconditionFailure("read before it was parsed") }
        return value
    }

    func definition(_ name: String) -> ArgumentDefinition {
        ArgumentDefinition(
            kind: .positional, name: name, short: nil, help: help, valueName: valueName ?? name, isRequired: isRequired,
            isRepeating: isRepeating, defaultText: nil, allowed: allowed, completion: completion,
            take: { [box, read] word in
                guard let value = read(word) else { return false }
                box.value = value
                return true
            })
    }
}

extension Argument where Value: ExpressibleByArgument {
    /// A word that must be there.
    public init(help: String, valueName: String? = nil, completion: Completion = .none) {
        self.init(
            box: Box(nil), help: help, valueName: valueName, isRequired: true, isRepeating: false,
            allowed: Allowed(Value.self), completion: completion, read: Value.init(argument:))
    }
}

extension Argument {
    /// A word that may be there.
    public init<Wrapped: ExpressibleByArgument>(
        help: String, valueName: String? = nil, completion: Completion = .none
    ) where Value == Wrapped? {
        self.init(
            box: Box(.some(nil)), help: help, valueName: valueName, isRequired: false, isRepeating: false,
            allowed: Allowed(Wrapped.self), completion: completion, read: { Wrapped(argument: $0).map { .some($0) } })
    }

    /// All words that are left.
    public init<Element: ExpressibleByArgument>(
        help: String, valueName: String? = nil, completion: Completion = .none
    ) where Value == [Element] {
        let box = Box<[Element]>([])
        self.init(
            box: box, help: help, valueName: valueName, isRequired: false, isRepeating: true,
            allowed: Allowed(Element.self), completion: completion,
            read: { word in Element(argument: word).map { (box.value ?? []) + [$0] } })
    }
}

/// A named value: `--name value` or `--name=value`.
@propertyWrapper public struct Option<Value>: ArgumentProviding {
    private let box: Box<Value>
    private let help: String
    private let valueName: String?
    private let isRequired: Bool
    private var isRepeating = false
    private let defaultText: String?
    private let allowed: Allowed
    private let completion: Completion
    private let read: (String) -> Value?

    /// What was typed, or the default.
    public var wrappedValue: Value {
        get {
            guard let value = box.value else { preconditionFailure("read before it was parsed") }
            return value
        }
        nonmutating set { box.value = newValue }
    }

    func definition(_ name: String) -> ArgumentDefinition {
        ArgumentDefinition(
            kind: .option, name: name, short: nil, help: help, valueName: valueName ?? name, isRequired: isRequired,
            isRepeating: isRepeating, defaultText: defaultText, allowed: allowed, completion: completion,
            take: { [box, read] word in
                guard let value = read(word) else { return false }
                box.value = value
                return true
            })
    }
}

extension Option where Value: ExpressibleByArgument {
    /// An option with a default.
    public init(wrappedValue: Value, help: String, valueName: String? = nil, completion: Completion = .none) {
        self.init(
            box: Box(wrappedValue), help: help, valueName: valueName, isRequired: false, defaultText: "\(wrappedValue)",
            allowed: Allowed(Value.self), completion: completion, read: Value.init(argument:))
    }

    /// An option that must be there.
    public init(help: String, valueName: String? = nil, completion: Completion = .none) {
        self.init(
            box: Box(nil), help: help, valueName: valueName, isRequired: true, defaultText: nil,
            allowed: Allowed(Value.self), completion: completion, read: Value.init(argument:))
    }
}

extension Option {
    /// An option that may be left out.
    public init<Wrapped: ExpressibleByArgument>(
        help: String, valueName: String? = nil, completion: Completion = .none
    ) where Value == Wrapped? {
        self.init(
            box: Box(.some(nil)), help: help, valueName: valueName, isRequired: false, defaultText: nil,
            allowed: Allowed(Wrapped.self), completion: completion, read: { Wrapped(argument: $0).map { .some($0) } })
    }
}

extension Option {
    /// An option that may be given several times.
    public init<Element: ExpressibleByArgument>(
        help: String, valueName: String? = nil, completion: Completion = .none
    ) where Value == [Element] {
        let box = Box<[Element]>([])
        self.init(
            box: box, help: help, valueName: valueName, isRequired: false, isRepeating: true, defaultText: nil,
            allowed: Allowed(Element.self), completion: completion,
            read: { word in Element(argument: word).map { (box.value ?? []) + [$0] } })
    }
}

/// A switch.
@propertyWrapper public struct Flag: ArgumentProviding {
    private let box: Box<Bool>
    private let short: Character?
    private let help: String

    /// True when it was typed.
    public var wrappedValue: Bool {
        get { box.value ?? false }
        nonmutating set { box.value = newValue }
    }

    /// A switch that is off until it is typed, with a short form where one is given.
    public init(wrappedValue: Bool, short: Character? = nil, help: String) {
        box = Box(wrappedValue)
        self.short = short
        self.help = help
    }

    func definition(_ name: String) -> ArgumentDefinition {
        ArgumentDefinition(
            kind: .flag, name: name, short: short, help: help, valueName: "", isRequired: false, isRepeating: false,
            defaultText: nil, allowed: Allowed(), completion: .none,
            take: { [box] _ in
                box.value = true
                return true
            })
    }
}

/// Options that several commands share.
@propertyWrapper public struct OptionGroup<Group: OptionGroupArguments>: OptionGroupProviding {
    /// The options.
    public var wrappedValue: Group
    /// A group with nothing parsed yet.
    public init() { wrappedValue = Group() }
    var group: any OptionGroupArguments { wrappedValue }
}

/// A wrapped property that is a group.
protocol OptionGroupProviding {
    var group: any OptionGroupArguments { get }
}

/// Finds the arguments of a command by its mirror.
enum Reflection {
    static func definitions(of command: Any) -> [ArgumentDefinition] {
        Mirror(reflecting: command).children.flatMap { child -> [ArgumentDefinition] in
            if let group = child.value as? any OptionGroupProviding { return definitions(of: group.group) }
            guard let argument = child.value as? any ArgumentProviding, let label = child.label else { return [] }
            return [argument.definition(kebabCase(label.hasPrefix("_") ? String(label.dropFirst()) : label))]
        }
    }

    static func groups(of command: Any) -> [any OptionGroupArguments] {
        Mirror(reflecting: command).children.compactMap { ($0.value as? any OptionGroupProviding)?.group }
    }

    /// `diskSize` is typed `--disk-size`.
    static func kebabCase(_ name: String) -> String {
        var result = ""
        for character in name {
            if character.isUppercase, !result.isEmpty { result.append("-") }
            result += character.lowercased()
        }
        return result
    }
}
