public import AtlasModel

/// How many of a likeness model's targets share the type of the picture asked about.
public struct SameTypeRate: Sendable, Equatable {
    /// Pictures asked about that got a labelled target.
    public let queries: Int
    /// Their labelled targets.
    public let targets: Int
    /// Targets of the picture's own type.
    public let hits: Int
    /// Σ hits², Σ hits · targets and Σ targets² over the pictures: what the interval needs.
    private let squares: (hits: Int, mixed: Int, targets: Int)

    /// - Parameters:
    ///   - counts: for each picture asked about its labelled targets, and those of its type.
    public init(_ counts: [(hits: Int, targets: Int)]) {
        let counts = counts.filter { $0.targets > 0 }
        queries = counts.count
        targets = counts.reduce(0) { $0 + $1.targets }
        hits = counts.reduce(0) { $0 + $1.hits }
        squares = (
            counts.reduce(0) { $0 + $1.hits * $1.hits },
            counts.reduce(0) { $0 + $1.hits * $1.targets },
            counts.reduce(0) { $0 + $1.targets * $1.targets }
        )
    }

    public static func == (left: SameTypeRate, right: SameTypeRate) -> Bool {
        (left.queries, left.targets, left.hits) == (right.queries, right.targets, right.hits)
            && left.squares == right.squares
    }

    /// Share of the targets; `nil` when there are none.
    public var share: Double? { Proportion(hits: hits, of: targets).share }

    /// The 95 % interval of the share. Targets of one picture are alike, so it is Wilson's for as
    /// many independent targets as have the variance of the pictures' shares (N. Dean and M. Pagano,
    /// "Evaluating confidence interval methods for binomial proportions in clustered surveys",
    /// Journal of Survey Statistics and Methodology 3, 2015): at least one a picture, at most all.
    public var interval: ClosedRange<Double> {
        guard let share else { return 0...1 }
        return Proportion.interval(of: share, among: independentTargets(share))
    }

    private func independentTargets(_ share: Double) -> Double {
        let (pictures, all) = (Double(queries), Double(targets))
        guard share > 0, share < 1, queries > 1 else { return pictures }
        // The variance of a ratio of sums over pictures, Σ (hits − share · targets)² m / (m − 1) /
        // (Σ targets)².
        let spread =
            Double(squares.hits) - 2 * share * Double(squares.mixed)
            + share * share * Double(squares.targets)
        let variance = spread * pictures / (pictures - 1) / (all * all)
        guard variance > 0 else { return all }
        return min(all, max(pictures, share * (1 - share) / variance))
    }
}

extension Neighbours {
    /// How many of the first `n` targets of some pictures share their type.
    /// - Parameters:
    ///   - labels: of every picture, in key order; targets without one are not counted.
    ///   - queries: labelled pictures to ask about.
    public func sameType(labels: [Int?], queries: [Int], n: Int) -> SameTypeRate {
        SameTypeRate(
            queries.map { query in
                let types = matches[query].prefix(n).compactMap { labels[$0.target] }
                return (types.count { $0 == labels[query] }, types.count)
            })
    }
}
