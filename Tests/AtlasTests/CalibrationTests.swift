import AtlasModel
import Testing

@Suite("What probabilities are worth")
struct CalibrationTests {
    private func calibration(_ rows: [([Float], Int)], bins: Int) -> Calibration {
        Calibration(
            predictions: rows.map { Prediction(probabilities: $0.0) }, labels: rows.map(\.1),
            bins: bins)
    }

    @Test("The expected error weighs the bins by their pictures")
    func byHand() {
        // In (0.5, 0.75]: 0.625 right, 0.75 wrong, mean 0.6875 against 1/2. In (0.75, 1]: 0.875 and 1
        // right, mean 0.9375 against 1. So 0.5 · 0.1875 + 0.5 · 0.0625 = 0.125.
        let calibration = calibration(
            [([0.625, 0.375], 0), ([0.25, 0.75], 0), ([0.875, 0.125], 0), ([0, 1], 1)], bins: 4)
        #expect(calibration.bins.map(\.labelledSo.total) == [0, 0, 2, 2])
        #expect(calibration.bins.map(\.confidence) == [0, 0, 0.6875, 0.9375])
        #expect(calibration.expectedError == 0.125)
        #expect(calibration.count == 4)
    }

    @Test("A probability on the edge of two bins belongs to the lower")
    func edges() {
        let calibration = calibration([([0.5, 0.5], 0), ([0.75, 0.25], 0)], bins: 4)
        #expect(calibration.bins.map(\.labelledSo.total) == [0, 1, 1, 0])
    }

    @Test("Without pictures there is no error to expect")
    func empty() {
        #expect(calibration([], bins: 15).expectedError == nil)
    }
}

@Suite("Intervals of scores")
struct ScoreIntervalTests {
    private let evaluation = Evaluation(
        classes: ["a", "b", "c"], confusion: [[8, 2, 0], [0, 10, 0], [1, 0, 9]], loss: 0)

    /// Wilson's interval of 8/11 and 10/12 by SciPy's `binomtest`, its ends put into 2J/(1 + J).
    @Test(
        "The interval of F1 is Wilson's of the overlap",
        arguments: [
            (0, 16.0 / 19, 0.605644753253890, 0.948773416972835),
            (1, 20.0 / 22, 0.711314580067376, 0.975952737353408),
        ])
    func f1(index: Int, f1: Double, low: Double, high: Double) throws {
        let scores = ScoreIntervals(evaluation, class: index)
        #expect(abs(try #require(scores.f1) - f1) < 1e-12)
        #expect(abs(scores.f1Interval.lowerBound - low) < 1e-12)
        #expect(abs(scores.f1Interval.upperBound - high) < 1e-12)
    }

    @Test("Precision counts what is predicted so, recall what is labelled so")
    func shares() {
        let scores = ScoreIntervals(evaluation, class: 0)
        #expect(scores.precision == Proportion(hits: 8, of: 9))
        #expect(scores.recall == Proportion(hits: 8, of: 10))
    }

    @Test("A type that was neither predicted nor labelled has no F1")
    func nothing() {
        let empty = Evaluation(classes: ["a", "b"], confusion: [[3, 0], [0, 0]], loss: 0)
        #expect(ScoreIntervals(empty, class: 1).f1 == nil)
        #expect(ScoreIntervals(empty, class: 1).f1Interval == 0...1)
    }
}
