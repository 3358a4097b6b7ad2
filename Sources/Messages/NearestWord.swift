/// The word of `known` that needs the fewest edits to become `word`, for messages that ask "Did you
/// mean …?"; the first of equally near ones. `nil` when it needs more than two edits and more edits
/// than a third of its length, or when `known` is empty.
///
///     nearestWord(to: "tilte", in: ["title", "label"])  // "title"
///     nearestWord(to: "xyz", in: ["title", "label"])    // nil
package func nearestWord(to word: String, in known: [String]) -> String? {
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
