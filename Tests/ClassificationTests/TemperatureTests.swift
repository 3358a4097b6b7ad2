import AtlasModel
import Foundation
import Testing

@testable import Classification

@Suite("The temperature that calibrates probabilities")
struct TemperatureTests {
    /// With scores (z, 0) for all pictures and a share p with the first label, softmax(z / T) fits
    /// best where it equals p: T = z / ln(p / (1 − p)).
    @Test(
        "Two classes with the same scores everywhere: the labels decide, as worked by hand",
        arguments: [(2, 3, 4), (5, 2, 3), (0.5, 9, 10)] as [(Float, Int, Int)])
    func byHand(score: Float, right: Int, total: Int) {
        let temperature = Temperature.fitted(
            scores: Array(repeating: [score, 0], count: total),
            labels: (0..<total).map { $0 < right ? 0 : 1 })
        let share = Double(right) / Double(total)
        #expect(abs(temperature - Double(score) / log(share / (1 - share))) < 1e-4)
    }

    /// `scipy.optimize.minimize_scalar` of the mean of `logsumexp(z / T) - z[label] / T`.
    @Test("Three classes: the temperature is that of SciPy's minimum")
    func scipy() {
        let scores: [[Float]] = [
            [4, 1, 0], [3, 2.5, -1], [0, 5, 1], [1, 0.5, 0], [-2, 0, 3], [2, 2, 6], [1, 4, 3.5],
        ]
        let temperature = Temperature.fitted(scores: scores, labels: [0, 1, 1, 2, 2, 0, 2])
        #expect(abs(temperature - 2.437374918648401) < 1e-4)
    }

    @Test("Without labels the temperature is 1")
    func nothing() {
        #expect(Temperature.fitted(scores: [], labels: []) == 1)
    }

    /// Some labels of the dev set are wrong, so the network is overconfident there.
    @Test("A trained network has the temperature of its dev set, and calibrates with it")
    func trained() throws {
        let right = striped(40, seed: 2)
        let dev = LabelledPictures(
            vectors: right.vectors,
            labels: right.labels.enumerated().map {
                $0.offset % 4 == 0 ? 1 - $0.element : $0.element
            })
        let network = try Network.trained(
            #require(Architecture.named("conv1l", classes: 2)),
            on: TrainingData(
                classes: ["striped", "plain"], training: striped(90, seed: 1), dev: dev,
                digests: []),
            settings: TrainingSettings(epochs: 8, batchSize: 16, seed: 0, threads: 1)
        ).network
        let temperature = Temperature.fitted(
            scores: try network.scores(dev.vectors, threads: 1), labels: dev.labels)
        #expect(network.temperature == temperature)
        #expect(temperature > 1.2)
        // softmax(ln p / T), by hand: 0.8 and 0.2 become p^(1/T) / (p^(1/T) + q^(1/T)).
        let (p, q) = (pow(0.8, 1 / temperature), pow(0.2, 1 / temperature))
        let calibrated = network.calibrated(Prediction(probabilities: [0.8, 0.2]))
        #expect(abs(Double(calibrated.probabilities[0]) - p / (p + q)) < 1e-5)
    }
}
