/// Amounts of US dollars, for people.
enum Dollars {
    /// `12.30`.
    static func text(_ amount: Double) -> String {
        let cents = Int((amount * 100).rounded())
        let rest = cents % 100
        return "\(cents / 100).\(rest < 10 ? "0" : "")\(rest)"
    }
}
