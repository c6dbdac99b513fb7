@testable import Engine

extension Patience {
    /// For tests in which nothing shows: short, with some looks.
    static let short = Patience(
        consistencyWindow: .milliseconds(40), iamPropagation: .milliseconds(40), firstPause: .milliseconds(1),
        longestPause: .milliseconds(2))
    /// For tests in which something shows after some looks, however slow the machine is.
    static let quick = Patience(
        consistencyWindow: .seconds(60), iamPropagation: .seconds(60), firstPause: .milliseconds(1),
        longestPause: .milliseconds(2))
}
