package import AtlasModel

/// The share of targets, drawn at random, that would have the type of their candidate.
///
///     // Of five pictures, two have the type of picture 0, itself included.
///     sameTypeChance(
///         labels: [0, 0, 1, 1, 1], groups: .none(count: 5), queries: [0], .otherGroups)  // 1 / 4
///
/// - Parameters:
///   - labels: of every picture, in key order; `nil` for targets that are not counted.
///   - queries: indices of the candidates; those without labels do not count.
/// - Returns: `nil` without candidates or targets.
package func sameTypeChance(
    labels: [Int?], groups: PictureGroups, queries: [Int], _ counted: CountedTargets
) -> Double? {
    var counts: [Int: Int] = [:]
    // Pictures with a label in each group; and of each type in a group, for groups of several pictures.
    var sizes = [Int](repeating: 0, count: labels.count)
    var alike: [SIMD2<Int>: Int] = [:]
    for (index, label) in labels.enumerated() {
        guard let label else { continue }
        counts[label, default: 0] += 1
        sizes[groups.first[index]] += 1
    }
    for (index, label) in labels.enumerated() where sizes[groups.first[index]] > 1 {
        if let label { alike[[groups.first[index], label], default: 0] += 1 }
    }
    let all = counts.values.reduce(0, +)
    let shares = queries.compactMap { query -> Double? in
        guard let label = labels[query] else { return nil }
        let group = groups.first[query]
        // The candidate itself at least.
        let size = counted == .all ? 1 : sizes[group]
        let same = size == 1 ? 1 : alike[[group, label], default: 0]
        guard all > size else { return nil }
        return Double(counts[label, default: 0] - same) / Double(all - size)
    }
    return shares.isEmpty ? nil : shares.reduce(0, +) / Double(shares.count)
}
