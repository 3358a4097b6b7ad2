package import AtlasModel

/// How many of a likeness model's targets share the type of their candidate.
package struct SameTypeRate: Sendable, Equatable {
    /// Candidates that got a labelled target.
    package let queries: Int
    /// Their labelled targets.
    package let targets: Int
    /// Targets that have the candidate's type.
    package let same: Int
    /// Σ same², Σ same · targets and Σ targets² over the pictures: which the interval needs.
    private let squares: (same: Int, mixed: Int, targets: Int)

    /// - Parameters:
    ///   - counts: for each candidate its labelled targets, and how many of them have its type. Candidates
    ///     without targets are left out.
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

    /// The 95 % interval of the share. Targets of one picture are alike, so it is Wilson's for as
    /// many independent targets as have the variance of the pictures' shares (N. Dean and M. Pagano,
    /// "Evaluating confidence interval methods for binomial proportions in clustered surveys",
    /// Journal of Survey Statistics and Methodology 3, 2015): at least one a picture, at most all.
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
    /// How many of the first `n` targets of some candidates share their type.
    ///
    ///     // Labels 0, 0, 1; the targets of picture 0 are 1 and 2.
    ///     neighbours.sameType(labels: [0, 0, 1], queries: [0], n: 2).share  // 0.5
    ///
    /// - Parameters:
    ///   - labels: of every picture, in key order; targets without a label are not counted.
    ///   - queries: indices of the candidates, which have labels.
    package func sameType(labels: [Int?], queries: [Int], n: Int) -> SameTypeRate {
        SameTypeRate(
            queries.map { query in
                let types = matches[query].prefix(n).compactMap { labels[$0.target] }
                return (types.count { $0 == labels[query] }, types.count)
            })
    }
}
