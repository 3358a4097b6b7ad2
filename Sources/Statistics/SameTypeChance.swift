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
    // By group, then by type.
    var own: [Int: [Int: Int]] = [:]
    for (index, label) in labels.enumerated() {
        guard let label else { continue }
        counts[label, default: 0] += 1
        own[groups.first[index], default: [:]][label, default: 0] += 1
    }
    let all = counts.values.reduce(0, +)
    let shares = queries.compactMap { query -> Double? in
        guard let label = labels[query] else { return nil }
        let group = counted == .all ? [label: 1] : own[groups.first[query], default: [:]]
        let others = all - group.values.reduce(0, +)
        guard others > 0 else { return nil }
        return Double(counts[label, default: 0] - group[label, default: 0]) / Double(others)
    }
    return shares.isEmpty ? nil : shares.reduce(0, +) / Double(shares.count)
}
