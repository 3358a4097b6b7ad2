package import AtlasModel

/// A labelled picture that a network was asked about.
package struct JudgedPicture: Sendable, Equatable {
    /// The first picture of its group.
    package let group: Int
    package let label: Int
    package let predicted: Int

    package init(group: Int, label: Int, predicted: Int) {
        self.group = group
        self.label = label
        self.predicted = predicted
    }
}

/// Precision, recall and F1 of one class as shares of pictures, with confidence intervals that count
/// groups.
///
/// For a class with 8 correct pictures, 9 predicted and 10 labelled: precision 8/9, recall 8/10,
/// overlap 8/11, F1 16/19.
package struct ScoreIntervals: Sendable, Equatable {
    /// Of the pictures predicted as the class, those with its label.
    package let precision: ClusteredProportion
    /// Of the pictures with the label, those predicted as the class.
    package let recall: ClusteredProportion
    /// Of the pictures predicted or labelled as the class, those that are both (Jaccard index).
    package let overlap: ClusteredProportion

    package init(_ pictures: [JudgedPicture], class index: Int) {
        func share(_ isCounted: (JudgedPicture) -> Bool) -> ClusteredProportion {
            ClusteredProportion(
                pictures.filter(isCounted).map {
                    (cluster: $0.group, counts: $0.label == index && $0.predicted == index)
                })
        }
        precision = share { $0.predicted == index }
        recall = share { $0.label == index }
        overlap = share { $0.predicted == index || $0.label == index }
    }

    /// F1; `nil` when no picture was predicted or labelled as the class.
    package var f1: Double? { overlap.share.map(Self.f1) }

    /// The 95 % interval of F1 by the indirect Wilson method of K. F. Y. Lam, V. Gopal and J. Qian
    /// (2023), "Confidence Intervals for the F1 Score: A Comparison of Four Methods",
    /// arXiv:2309.14621: F1 = 2J / (1 + J) rises with the overlap J, which is a share of the pictures
    /// predicted or labelled as the class. 0…1 without such pictures.
    package var f1Interval: ClosedRange<Double> {
        let interval = overlap.interval
        return Self.f1(interval.lowerBound)...Self.f1(interval.upperBound)
    }

    private static func f1(_ overlap: Double) -> Double { 2 * overlap / (1 + overlap) }
}
