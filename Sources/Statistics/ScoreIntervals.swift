public import AtlasModel

/// Precision, recall and F1 of one class as shares of pictures, which have intervals.
public struct ScoreIntervals: Sendable, Equatable {
    /// Of the pictures predicted so, those that are labelled so.
    public let precision: Proportion
    /// Of the pictures labelled so, those that are predicted so.
    public let recall: Proportion
    /// Of the pictures predicted or labelled so, those that are both.
    public let overlap: Proportion

    public init(_ evaluation: Evaluation, class index: Int) {
        let hits = evaluation.confusion[index][index]
        let claimed = evaluation.confusion.reduce(0) { $0 + $1[index] }
        let support = evaluation.confusion[index].reduce(0, +)
        precision = Proportion(hits: hits, of: claimed)
        recall = Proportion(hits: hits, of: support)
        overlap = Proportion(hits: hits, of: claimed + support - hits)
    }

    /// F1; `nil` when nothing was predicted or labelled so.
    public var f1: Double? { overlap.share.map(Self.f1) }

    /// The 95 % interval of F1 by the indirect Wilson method of K. F. Y. Lam, V. Gopal and J. Qian
    /// (2023), "Confidence Intervals for the F1 Score: A Comparison of Four Methods",
    /// arXiv:2309.14621: F1 = 2J / (1 + J) rises with the overlap J, which is a binomial share of
    /// the pictures predicted or labelled so.
    public var f1Interval: ClosedRange<Double> {
        let interval = overlap.interval
        return Self.f1(interval.lowerBound)...Self.f1(interval.upperBound)
    }

    private static func f1(_ overlap: Double) -> Double { 2 * overlap / (1 + overlap) }
}
