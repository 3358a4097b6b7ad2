package import AtlasModel

/// How many of a likeness model's targets have the type of their candidate.
package struct SameTypeRate: Sendable, Equatable {
    /// Number of candidates with a labelled target.
    package let queries: Int
    /// Number of their labelled targets.
    package let targets: Int
    /// Number of targets that have the candidate's type.
    package let same: Int
    /// Σ same², Σ same · targets and Σ targets² over the pictures, from which the interval is
    /// computed.
    private let squares: (same: Int, mixed: Int, targets: Int)

    /// - Parameters:
    ///   - counts: for each candidate, the number of its labelled targets and the number of those
    ///     with its type. Candidates without targets are ignored.
    package init(_ counts: [(same: Int, targets: Int)]) {
        let counts = counts.filter { $0.targets > 0 }
        queries = counts.count
        targets = counts.reduce(0) { $0 + $1.targets }
        same = counts.reduce(0) { $0 + $1.same }
        squares = (
            counts.reduce(0) { $0 + $1.same * $1.same },
            counts.reduce(0) { $0 + $1.same * $1.targets },
            counts.reduce(0) { $0 + $1.targets * $1.targets }
        )
    }

    package static func == (left: SameTypeRate, right: SameTypeRate) -> Bool {
        (left.queries, left.targets, left.same) == (right.queries, right.targets, right.same)
            && left.squares == right.squares
    }

    /// Share of the targets; `nil` when there are none.
    package var share: Double? { Proportion(same, of: targets).share }

    /// The 95 % interval of the share. The targets of one picture are similar to each other. So the
    /// interval is Wilson's for the number of independent targets that would give the variance of
    /// the pictures' shares (N. Dean and M. Pagano, "Evaluating confidence interval methods for
    /// binomial proportions in clustered surveys", Journal of Survey Statistics and Methodology 3,
    /// 2015). That number is at least one a picture and at most the number of targets.
    package var interval: ClosedRange<Double> {
        guard let share else { return 0...1 }
        return Proportion.interval(of: share, among: independentTargets(share))
    }

    private func independentTargets(_ share: Double) -> Double {
        let (pictures, all) = (Double(queries), Double(targets))
        guard share > 0, share < 1, queries > 1 else { return pictures }
        // The variance of a ratio of sums over pictures, Σ (same − share · targets)² m / (m − 1) /
        // (Σ targets)².
        let spread =
            Double(squares.same) - 2 * share * Double(squares.mixed)
            + share * share * Double(squares.targets)
        let variance = spread * pictures / (pictures - 1) / (all * all)
        guard variance > 0 else { return all }
        return min(all, max(pictures, share * (1 - share) / variance))
    }
}

extension Neighbours {
    /// How many of the first `n` targets of the candidates have the type of their candidate.
    ///
    ///     // Labels 0, 0, 1; the targets of picture 0 are 1 and 2.
    ///     neighbours.sameType(labels: [0, 0, 1], queries: [0], n: 2).share  // 0.5
    ///
    /// - Parameters:
    ///   - labels: of every picture, in key order; `nil` for targets that are not counted.
    ///   - queries: indices of the candidates, which must have labels.
    package func sameType(labels: [Int?], queries: [Int], n: Int) -> SameTypeRate {
        SameTypeRate(
            queries.map { query in
                let types = matches[query].prefix(n).compactMap { labels[$0.target] }
                return (types.count { $0 == labels[query] }, types.count)
            })
    }
}
