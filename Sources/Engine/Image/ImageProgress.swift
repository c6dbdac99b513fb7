import AWS

/// How far the snapshots of an image are.
struct ImageProgress {
    /// 0 to 100, by size; nil while AWS does not say.
    var percent: Int?
    /// When the first one was begun, seconds since 1970.
    var began: Double?

    /// Of these snapshots.
    init(_ snapshots: [Snapshot]) {
        let size = snapshots.map(\.volumeSize).reduce(0, +)
        let known = snapshots.map { Int($0.progress.prefix { $0 != "%" }) }
        let done = zip(snapshots, known).reduce(0) { $0 + $1.0.volumeSize * ($1.1 ?? 0) }
        percent = size > 0 && known.contains { $0 != nil } ? done / size : nil
        began = snapshots.compactMap { Timestamp.seconds($0.startTime) }.min()
    }

    /// `34 %, about 12 min to go`: as fast as so far.
    func text(now: Double = Timestamp.now()) -> String {
        guard let percent else { return "0 %" }
        guard let began, (1..<100).contains(percent) else { return "\(percent) %" }
        let left = max(0, now - began) * Double(100 - percent) / Double(percent)
        return "\(percent) %, about \(Duration.rough(Int(left))) to go"
    }
}
