/// Rules about region names.
enum Region {
    /// True for what can be a region's name: lower-case words and a number, `us-east-2`, `us-gov-west-1`. Regions that AWS
    /// opens later pass; anything that could not stand in a host name does not.
    static func isValid(_ name: String) -> Bool {
        let words = name.split(separator: "-", omittingEmptySubsequences: false)
        guard words.count >= 3, let number = words.last, let first = words.first else { return false }
        return (2...4).contains(first.count) && (1...2).contains(number.count) && number.allSatisfy(\.isASCIIDigit)
            && words.dropLast().allSatisfy { !$0.isEmpty && $0.allSatisfy(\.isASCIILowercase) }
    }

    /// `us-east-2a` is a zone of `us-east-2`; the commonest mistake.
    static func regionOfZone(_ name: String) -> String? {
        let region = String(name.dropLast())
        return name.last?.isASCIILowercase == true && isValid(region) ? region : nil
    }
}

extension Character {
    fileprivate var isASCIIDigit: Bool { ("0"..."9").contains(self) }
    fileprivate var isASCIILowercase: Bool { ("a"..."z").contains(self) }
}
