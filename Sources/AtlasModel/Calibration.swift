/// How far stated probabilities and what came true agree: a reliability diagram in numbers.
public struct Calibration: Sendable, Equatable {
    /// Pictures whose most probable type was given a probability in one of equally wide ranges.
    public struct Bin: Sendable, Equatable {
        /// Mean probability of the predicted type; 0 without pictures.
        public let confidence: Double
        /// Pictures in it, and those among them that are labelled as predicted.
        public let labelledSo: Proportion

        public init(confidence: Double, labelledSo: Proportion) {
            self.confidence = confidence
            self.labelledSo = labelledSo
        }
    }

    /// From the lowest probabilities to the highest; bin m of M holds those in (m/M, (m + 1)/M].
    public let bins: [Bin]
    /// Mean cross-entropy in nats.
    public let loss: Double

    /// Bins of the reliability diagrams in Guo et al. (2017).
    public static let usualBins = 15

    /// Judges `predictions` by `labels` (class indices).
    public init(predictions: [Prediction], labels: [Int], bins count: Int = usualBins) {
        precondition(predictions.count == labels.count, "one label for each prediction")
        var sums = [Double](repeating: 0, count: count)
        var hits = [Int](repeating: 0, count: count)
        var totals = [Int](repeating: 0, count: count)
        for (prediction, label) in zip(predictions, labels) {
            let confidence = Double(prediction.confidence)
            let place = Int((confidence * Double(count)).rounded(.up)) - 1
            let bin = min(count - 1, max(0, place))
            sums[bin] += confidence
            hits[bin] += prediction.predicted == label ? 1 : 0
            totals[bin] += 1
        }
        bins = (0..<count).map { bin in
            Bin(
                confidence: totals[bin] == 0 ? 0 : sums[bin] / Double(totals[bin]),
                labelledSo: Proportion(hits: hits[bin], of: totals[bin]))
        }
        loss =
            Evaluation(
                classes: predictions.first?.probabilities.map { _ in "" } ?? [],
                predictions: predictions, labels: labels
            ).loss
    }

    /// Pictures judged.
    public var count: Int { bins.reduce(0) { $0 + $1.labelledSo.total } }

    /// The expected calibration error of C. Guo, G. Pleiss, Y. Sun and K. Q. Weinberger (2017), "On
    /// Calibration of Modern Neural Networks", ICML: the mean difference of stated probability and
    /// share, bins weighted by their pictures; `nil` without pictures.
    public var expectedError: Double? {
        let all = count
        guard all > 0 else { return nil }
        return bins.reduce(0) { sum, bin in
            guard let share = bin.labelledSo.share else { return sum }
            return sum + Double(bin.labelledSo.total) / Double(all)
                * (share - bin.confidence).magnitude
        }
    }
}

/// The probabilities of a network on test pictures before and after calibration.
public struct CalibrationSummary: Sendable, Equatable {
    /// Divides the network's scores; fitted on dev pictures, 1 when it was not fitted.
    public let temperature: Double
    public let before: Calibration
    public let after: Calibration

    public init(temperature: Double, before: Calibration, after: Calibration) {
        self.temperature = temperature
        self.before = before
        self.after = after
    }

    /// Whether a temperature was fitted; a file of another program has none.
    public var isFitted: Bool { temperature != 1 }
}
