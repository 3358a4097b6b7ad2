/// What a network says of one picture.
public struct Prediction: Sendable, Equatable {
    /// Softmax of one forward pass, one value per rock type in class order; sums to 1.
    public let probabilities: [Float]

    public init(probabilities: [Float]) {
        precondition(!probabilities.isEmpty, "a prediction has at least one class")
        self.probabilities = probabilities
    }

    /// Index of the most probable class, the first of equal ones.
    public var predicted: Int {
        probabilities.indices.reduce(0) { probabilities[$1] > probabilities[$0] ? $1 : $0 }
    }

    /// Probability of the predicted class.
    public var confidence: Float { probabilities[predicted] }

    /// How far the highest probability lies above the next: 0 is doubt between two types, 1 none.
    public var margin: Float {
        let best = predicted
        let next = probabilities.indices.filter { $0 != best }.map { probabilities[$0] }.max()
        return confidence - (next ?? 0)
    }
}

/// How well predictions meet labels, on labelled pictures only.
public struct Evaluation: Sendable, Equatable {
    public let classes: [String]
    /// `confusion[true][predicted]` counts pictures.
    public let confusion: [[Int]]
    /// Mean cross-entropy in nats.
    public let loss: Double

    public init(classes: [String], confusion: [[Int]], loss: Double) {
        self.classes = classes
        self.confusion = confusion
        self.loss = loss
    }

    /// Counts `predictions` against `labels` (class indices).
    ///
    /// A probability below 1e-7 counts as 1e-7 in the loss, as in Keras' `categorical_crossentropy`.
    public init(classes: [String], predictions: [Prediction], labels: [Int]) {
        precondition(predictions.count == labels.count, "one label for each prediction")
        var confusion = classes.map { _ in classes.map { _ in 0 } }
        var sum = 0.0
        for (prediction, label) in zip(predictions, labels) {
            confusion[label][prediction.predicted] += 1
            sum -= Self.logarithm(max(1e-7, Double(prediction.probabilities[label])))
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

/// A share with its interval.
public struct Proportion: Sendable, Equatable {
    public let hits: Int
    public let total: Int

    public init(hits: Int, of total: Int) {
        self.hits = hits
        self.total = total
    }

    /// `nil` when there is nothing to take a share of.
    public var share: Double? { total == 0 ? nil : Double(hits) / Double(total) }

    /// The 95 % score interval of E. B. Wilson (1927), "Probable inference, the law of succession,
    /// and statistical inference", JASA 22:209–212; 0…1 when there is nothing to count.
    public var interval: ClosedRange<Double> {
        guard let share else { return 0...1 }
        return Self.interval(of: share, among: Double(total))
    }

    /// Wilson's interval of a share of `n` independent things, where `n` need not be whole.
    static func interval(of share: Double, among n: Double) -> ClosedRange<Double> {
        // The 97.5 % quantile of the normal distribution.
        let z = 1.959963984540054
        let centre = (share + z * z / (2 * n)) / (1 + z * z / n)
        let half = z / (1 + z * z / n) * ((share * (1 - share) + z * z / (4 * n)) / n).squareRoot()
        let low = share == 0 ? 0 : centre - half
        let high = share == 1 ? 1 : centre + half
        return low...max(low, high)
    }
}
