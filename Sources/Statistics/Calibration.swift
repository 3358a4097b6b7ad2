package import AtlasModel

extension Calibration {
    /// Number of bins in the reliability diagrams of Guo et al. (2017).
    package static let defaultBins = 15

    /// Compares the confidence of `predictions` with `labels` (class indices), bin by bin.
    ///
    /// A confidence on the edge of two bins belongs to the lower one. Without pictures every bin is
    /// empty and the loss is 0.
    /// - Parameter count: number of bins, which are equally wide.
    package init(predictions: [Prediction], labels: [Int], bins count: Int = defaultBins) {
        precondition(predictions.count == labels.count, "one label for each prediction")
        var sums = [Double](repeating: 0, count: count)
        var correct = [Int](repeating: 0, count: count)
        var totals = [Int](repeating: 0, count: count)
        for (prediction, label) in zip(predictions, labels) {
            let confidence = Double(prediction.confidence)
            let place = Int((confidence * Double(count)).rounded(.up)) - 1
            let bin = min(count - 1, max(0, place))
            sums[bin] += confidence
            correct[bin] += prediction.predicted == label ? 1 : 0
            totals[bin] += 1
        }
        let bins = (0..<count).map { bin in
            Bin(
                confidence: totals[bin] == 0 ? 0 : sums[bin] / Double(totals[bin]),
                accuracy: Proportion(correct[bin], of: totals[bin]))
        }
        let evaluation = Evaluation(
            classes: predictions.first?.probabilities.map { _ in "" } ?? [],
            predictions: predictions, labels: labels)
        self.init(bins: bins, loss: evaluation.loss)
    }

    /// Number of pictures that were counted.
    package var count: Int { bins.reduce(0) { $0 + $1.accuracy.total } }

    /// The expected calibration error of C. Guo, G. Pleiss, Y. Sun and K. Q. Weinberger (2017), "On
    /// Calibration of Modern Neural Networks", ICML: the mean difference of confidence and accuracy,
    /// bins weighted by their pictures; `nil` without pictures.
    ///
    /// With two pictures of mean confidence 0.6875, one correct, and two of 0.9375, both correct:
    /// 0.5 · 0.1875 + 0.5 · 0.0625 = 0.125.
    package var expectedError: Double? {
        let all = count
        guard all > 0 else { return nil }
        return bins.reduce(0) { sum, bin in
            guard let share = bin.accuracy.share else { return sum }
            return sum + Double(bin.accuracy.total) / Double(all)
                * (share - bin.confidence).magnitude
        }
    }
}
