public import AtlasModel

extension Calibration {
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
        let bins = (0..<count).map { bin in
            Bin(
                confidence: totals[bin] == 0 ? 0 : sums[bin] / Double(totals[bin]),
                labelledSo: Proportion(hits: hits[bin], of: totals[bin]))
        }
        let evaluation = Evaluation(
            classes: predictions.first?.probabilities.map { _ in "" } ?? [],
            predictions: predictions, labels: labels)
        self.init(bins: bins, loss: evaluation.loss)
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
