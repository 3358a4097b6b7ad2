public import AtlasModel
import Foundation

extension Evaluation {
    /// Counts `predictions` against `labels` (class indices).
    ///
    /// A probability below 1e-7 counts as 1e-7 in the loss, as in Keras' `categorical_crossentropy`.
    public init(classes: [String], predictions: [Prediction], labels: [Int]) {
        precondition(predictions.count == labels.count, "one label for each prediction")
        var confusion = classes.map { _ in classes.map { _ in 0 } }
        var sum = 0.0
        for (prediction, label) in zip(predictions, labels) {
            confusion[label][prediction.predicted] += 1
            sum -= log(max(1e-7, Double(prediction.probabilities[label])))
        }
        self.init(
            classes: classes, confusion: confusion,
            loss: labels.isEmpty ? 0 : sum / Double(labels.count))
    }

    /// Pictures that were judged.
    public var count: Int { confusion.joined().reduce(0, +) }

    /// Pictures whose prediction is their label.
    public var correct: Int { confusion.indices.reduce(0) { $0 + confusion[$1][$1] } }

    /// Share of pictures predicted as labelled; `nil` when none was judged.
    public var accuracy: Double? {
        count == 0 ? nil : Double(correct) / Double(count)
    }

    public var perClass: [ClassScore] {
        classes.indices.map { index in
            let support = confusion[index].reduce(0, +)
            let claimed = confusion.reduce(0) { $0 + $1[index] }
            let hits = Double(confusion[index][index])
            return ClassScore(
                precision: claimed == 0 ? 0 : hits / Double(claimed),
                recall: support == 0 ? 0 : hits / Double(support), support: support)
        }
    }
}

/// Scores of one class, 0 where nothing was predicted or labelled so, as scikit-learn's
/// `precision_recall_fscore_support` gives them.
public struct ClassScore: Sendable, Equatable {
    public let precision: Double
    public let recall: Double
    /// Labelled pictures of the class.
    public let support: Int

    public init(precision: Double, recall: Double, support: Int) {
        self.precision = precision
        self.recall = recall
        self.support = support
    }

    /// Harmonic mean of precision and recall.
    public var f1: Double {
        precision + recall == 0 ? 0 : 2 * precision * recall / (precision + recall)
    }
}
