public import CommandLineKit

/// The id of an AWS account.
public struct AccountID: ExpressibleByArgument {
    /// Twelve digits.
    public let id: String

    /// Reads twelve digits.
    public init?(argument: String) {
        guard argument.utf8.count == 12,
            argument.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
        else { return nil }
        id = argument
    }

    /// What is wanted.
    public static var valueForm: String { "an account's twelve digits" }
}
