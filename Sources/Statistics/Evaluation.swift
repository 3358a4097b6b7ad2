package import AtlasModel
import Foundation

extension Evaluation {
    /// Counts `predictions` against `labels` (class indices).
    ///
    ///     Evaluation(
    ///         classes: ["a", "b"],
    ///         predictions: [[0.5, 0.5], [0.2, 0.8]].map { Prediction(probabilities: $0) },
    ///         labels: [0, 0]
    ///     ).confusion  // [[1, 1], [0, 0]]: one of two pictures of "a" was predicted as "b"
    ///
    /// If several classes are equally probable, the first is the predicted one. A probability below
    /// 1e-7 counts as 1e-7 in the loss, as in Keras' `categorical_crossentropy`. Without pictures
    /// the loss is 0.
    package init(classes: [String], predictions: [Prediction], labels: [Int]) {
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

    /// Number of pictures that were counted.
    package var count: Int { confusion.joined().reduce(0, +) }

    /// Number of pictures that are predicted as labelled.
    package var correct: Int { confusion.indices.reduce(0) { $0 + confusion[$1][$1] } }

    /// Share of the pictures that are predicted as labelled; `nil` without pictures.
    package var accuracy: Double? {
        count == 0 ? nil : Double(correct) / Double(count)
    }

    /// Precision, recall and support of each class, in class order.
    package var perClass: [ClassScore] {
        classes.indices.map { index in
            let support = confusion[index].reduce(0, +)
            let predicted = confusion.reduce(0) { $0 + $1[index] }
            let correct = Double(confusion[index][index])
            return ClassScore(
                precision: predicted == 0 ? 0 : correct / Double(predicted),
                recall: support == 0 ? 0 : correct / Double(support), support: support)
        }
    }
}

/// Scores of one class, defined as in scikit-learn's `precision_recall_fscore_support`: precision
/// is 0 when no picture was predicted as the class, and recall is 0 when none has the label.
package struct ClassScore: Sendable, Equatable {
    package let precision: Double
    package let recall: Double
    /// Number of pictures with the label.
    package let support: Int

    package init(precision: Double, recall: Double, support: Int) {
        self.precision = precision
        self.recall = recall
        self.support = support
    }

    /// Harmonic mean of precision and recall; 0 when both are 0.
    package var f1: Double {
        precision + recall == 0 ? 0 : 2 * precision * recall / (precision + recall)
    }
}
