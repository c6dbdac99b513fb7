/// Finds the word that a misspelt one was meant to be.
enum Spelling {
    /// The candidate with the fewest changed letters, if those are few enough to be a slip.
    static func nearest(to word: String, in candidates: [String]) -> String? {
        let limit = max(1, word.count / 3)
        return candidates.map { (name: $0, distance: distance(word, $0)) }
            .filter { $0.distance <= limit }.min { $0.distance < $1.distance }?.name
    }

    /// Letters to insert, delete or replace.
    private static func distance(_ left: String, _ right: String) -> Int {
        var row = Array(0...right.count)
        for (i, a) in left.lowercased().enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, b) in right.lowercased().enumerated() {
                let above = row[j + 1]
                row[j + 1] = min(above + 1, row[j] + 1, diagonal + (a == b ? 0 : 1))
                diagonal = above
            }
        }
        return row.last ?? 0
    }
}
