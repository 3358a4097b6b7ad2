package import AtlasModel

/// Precision, recall and F1 of one class as shares of pictures, with confidence intervals.
///
/// For a class with 8 correct pictures, 9 predicted and 10 labelled: precision 8/9, recall 8/10,
/// overlap 8/11, F1 16/19.
package struct ScoreIntervals: Sendable, Equatable {
    /// Of the pictures predicted as the class, those with its label.
    package let precision: Proportion
    /// Of the pictures with the label, those predicted as the class.
    package let recall: Proportion
    /// Of the pictures predicted or labelled as the class, those that are both (Jaccard index).
    package let overlap: Proportion

    package init(_ evaluation: Evaluation, class index: Int) {
        let correct = evaluation.confusion[index][index]
        let predicted = evaluation.confusion.reduce(0) { $0 + $1[index] }
        let support = evaluation.confusion[index].reduce(0, +)
        precision = Proportion(correct, of: predicted)
        recall = Proportion(correct, of: support)
        overlap = Proportion(correct, of: predicted + support - correct)
    }

    /// F1; `nil` when no picture was predicted or labelled as the class.
    package var f1: Double? { overlap.share.map(Self.f1) }

    /// The 95 % interval of F1 by the indirect Wilson method of K. F. Y. Lam, V. Gopal and J. Qian
    /// (2023), "Confidence Intervals for the F1 Score: A Comparison of Four Methods",
    /// arXiv:2309.14621: F1 = 2J / (1 + J) rises with the overlap J, which is a binomial share of
    /// the pictures predicted or labelled as the class. 0…1 without such pictures.
    package var f1Interval: ClosedRange<Double> {
        let interval = overlap.interval
        return Self.f1(interval.lowerBound)...Self.f1(interval.upperBound)
    }

    private static func f1(_ overlap: Double) -> Double { 2 * overlap / (1 + overlap) }
}
