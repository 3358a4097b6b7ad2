import AtlasModel
import Foundation

/// Temperature scaling (C. Guo et al., "On calibration of modern neural networks", ICML 2017).
enum Temperature {
    /// The limits of β = 1/T. Without limits, labels that are all predicted correctly would give an
    /// infinite β.
    private static let limits = 0.05...20.0
    /// Newton's method ends when β changes by less than this. The probabilities then change by less
    /// than the last digit that is shown anywhere.
    private static let tolerance = 1e-6
    /// Newton's method ends when the sum of curvatures is below this: the loss is then flat, and a step
    /// would be a quotient of rounding errors.
    private static let leastCurvature = 1e-9
    /// Newton's method takes about five steps from β = 1.
    private static let mostSteps = 30

    /// The temperature T with the least mean cross-entropy of softmax(z / T), by Newton's method on
    /// β = 1/T, in which the loss is convex.
    ///
    /// Scores of (0, 2) with one label in four being class 0 give T = 2 / ln 3 ≈ 1.82, because then the
    /// probability of class 1 is 3/4. The result is 1 without labels.
    static func fitted(scores: [[Float]], labels: [Int]) -> Double {
        guard !labels.isEmpty else { return 1 }
        var beta = 1.0
        for _ in 0..<mostSteps {
            var slope = 0.0
            var curvature = 0.0
            for (row, label) in zip(scores, labels) {
                let probabilities = Network.softmax(row.map { $0 * Float(beta) }).map(Double.init)
                let mean = zip(probabilities, row).reduce(0) { $0 + $1.0 * Double($1.1) }
                let square = zip(probabilities, row).reduce(0) { $0 + $1.0 * Double($1.1 * $1.1) }
                slope += mean - Double(row[label])
                curvature += square - mean * mean
            }
            guard curvature > leastCurvature else { break }
            let next = min(limits.upperBound, max(limits.lowerBound, beta - slope / curvature))
            if abs(next - beta) < tolerance { return 1 / next }
            beta = next
        }
        return 1 / beta
    }
}

extension Prediction {
    /// softmax(z / T), where the prediction is softmax(z).
    func calibrated(temperature: Double) -> Prediction {
        // The logarithm of a probability is its score plus a constant, which softmax cancels.
        Prediction(probabilities: Network.softmax(logarithms.map { $0 / Float(temperature) }))
    }

    /// Logarithms of the probabilities; finite, because 0 counts as the smallest normal number.
    var logarithms: [Float] { probabilities.map { log(max($0, .leastNormalMagnitude)) } }
}
