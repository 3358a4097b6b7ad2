import AtlasModel
import Statistics
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
        // In (0.5, 0.75]: 0.625 correct, 0.75 wrong, mean 0.6875 against 1/2. In (0.75, 1]: 0.875
        // and 1 correct, mean 0.9375 against 1. So 0.5 · 0.1875 + 0.5 · 0.0625 = 0.125.
        let calibration = calibration(
            [([0.625, 0.375], 0), ([0.25, 0.75], 0), ([0.875, 0.125], 0), ([0, 1], 1)], bins: 4)
        #expect(calibration.bins.map(\.accuracy.total) == [0, 0, 2, 2])
        #expect(calibration.bins.map(\.confidence) == [0, 0, 0.6875, 0.9375])
        #expect(calibration.expectedError == 0.125)
        #expect(calibration.count == 4)
    }

    @Test("A probability on the edge of two bins belongs to the lower")
    func edges() {
        let calibration = calibration([([0.5, 0.5], 0), ([0.75, 0.25], 0)], bins: 4)
        #expect(calibration.bins.map(\.accuracy.total) == [0, 1, 1, 0])
    }

    @Test("Without pictures there is no error to expect")
    func empty() {
        #expect(calibration([], bins: 15).expectedError == nil)
    }
}
