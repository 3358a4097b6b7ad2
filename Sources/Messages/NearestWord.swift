/// The word among `known` that takes the fewest edits to reach, if it takes at most a third of its
/// length; what a message asks with "Did you mean …?".
public func nearestWord(to word: String, in known: [String]) -> String? {
    let ranked = known.map { ($0, editDistance(word, $0)) }.min { $0.1 < $1.1 }
    guard let (nearest, edits) = ranked, edits <= max(2, nearest.count / 3) else { return nil }
    return nearest
}

/// Insertions, deletions and substitutions between two words (Levenshtein 1966).
private func editDistance(_ left: String, _ right: String) -> Int {
    let target = Array(right)
    var row = Array(0...target.count)
    for (i, character) in left.enumerated() {
        var diagonal = row[0]
        row[0] = i + 1
        for j in target.indices {
            let substituted = diagonal + (character == target[j] ? 0 : 1)
            diagonal = row[j + 1]
            row[j + 1] = min(substituted, row[j] + 1, row[j + 1] + 1)
        }
    }
    return row[target.count]
}
