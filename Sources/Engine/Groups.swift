extension Array {
    /// The elements in their order, in groups of so many, the last of what is left: for calls that take no more at once.
    func groups(of size: Int) -> [[Element]] {
        stride(from: 0, to: count, by: size).map { Array(self[$0..<Swift.min($0 + size, count)]) }
    }
}
