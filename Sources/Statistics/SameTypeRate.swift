package import AtlasModel

/// How many of a likeness model's targets have the type of their candidate.
package struct SameTypeRate: Sendable, Equatable {
    /// Number of candidates with a labelled target.
    package let queries: Int
    /// The targets that have the candidate's type, of all labelled targets. A cluster has the targets
    /// of all candidates of a group.
    package let targets: ClusteredProportion

    /// - Parameters:
    ///   - counts: for each candidate its group, the number of its labelled targets and the number of
    ///     those with its type. Candidates without targets are ignored.
    package init(_ counts: [(group: Int, same: Int, targets: Int)]) {
        let counts = counts.filter { $0.targets > 0 }
        queries = counts.count
        var groups: [Int: (count: Int, total: Int)] = [:]
        for candidate in counts {
            groups[candidate.group, default: (0, 0)].count += candidate.same
            groups[candidate.group, default: (0, 0)].total += candidate.targets
        }
        targets = ClusteredProportion(groups.values)
    }

    /// Share of the targets; `nil` when there are none.
    package var share: Double? { targets.share }

    /// The 95 % interval of the share. The targets of one picture, and those of pictures that belong
    /// together, are similar to each other.
    package var interval: ClosedRange<Double> { targets.interval }
}

/// Which targets a same-type rate counts.
package enum CountedTargets: Sendable {
    /// All of them.
    case all
    /// Those that do not belong to the candidate's group: that these have its type is no success.
    case otherGroups
}

extension Neighbours {
    /// How many of the first `n` targets of the candidates have the type of their candidate.
    ///
    ///     // Labels 0, 0, 1; the targets of picture 0 are 1 and 2.
    ///     neighbours.sameType(
    ///         labels: [0, 0, 1], groups: .none(count: 3), queries: [0], n: 2, .otherGroups
    ///     ).share  // 0.5
    ///
    /// - Parameters:
    ///   - labels: of every picture, in key order; `nil` for targets that are not counted.
    ///   - queries: indices of the candidates, which must have labels.
    package func sameType(
        labels: [Int?], groups: PictureGroups, queries: [Int], n: Int, _ counted: CountedTargets
    ) -> SameTypeRate {
        SameTypeRate(
            queries.map { query in
                let group = groups.first[query]
                let targets =
                    switch counted {
                    case .all: matches[query][...]
                    case .otherGroups:
                        matches[query].filter { groups.first[$0.target] != group }[...]
                    }
                let types = targets.prefix(n).compactMap { labels[$0.target] }
                return (group, types.count { $0 == labels[query] }, types.count)
            })
    }
}
