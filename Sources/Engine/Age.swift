public import AWS

extension Duration {
    /// The time since a moment, roughly: `40 s`, `12 min`, `3 h`, `2 days`.
    /// - Parameter moment: seconds since 1970.
    public static func ago(_ moment: Double, now: Double = Timestamp.now()) -> String {
        rough(Int(max(0, now - moment)))
    }

    /// Seconds, roughly.
    public static func rough(_ seconds: Int) -> String {
        switch seconds {
        case ..<120: "\(seconds) s"
        case ..<7_200: "\(seconds / 60) min"
        case ..<172_800: "\(seconds / 3_600) h"
        default: "\(seconds / 86_400) days"
        }
    }
}
