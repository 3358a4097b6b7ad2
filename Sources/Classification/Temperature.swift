/// Temperature scaling (C. Guo et al., "On calibration of modern neural networks", ICML 2017).
enum Temperature {
    /// The temperature T that makes softmax(z / T) fit the labels best: Newton's method on β = 1/T,
    /// in which the loss is convex. 1 without labels.
    static func fitted(scores: [[Float]], labels: [Int]) -> Double {
        guard !labels.isEmpty else { return 1 }
        var beta = 1.0
        for _ in 0..<30 {
            var slope = 0.0
            var curvature = 0.0
            for (row, label) in zip(scores, labels) {
                let probabilities = Network.softmax(row.map { $0 * Float(beta) }).map(Double.init)
                let mean = zip(probabilities, row).reduce(0) { $0 + $1.0 * Double($1.1) }
                let square = zip(probabilities, row).reduce(0) { $0 + $1.0 * Double($1.1 * $1.1) }
                slope += mean - Double(row[label])
                curvature += square - mean * mean
            }
            guard curvature > 1e-9 else { break }
            // Within limits: perfectly predicted labels have no finite optimum.
            let next = min(20, max(0.05, beta - slope / curvature))
            if abs(next - beta) < 1e-6 { return 1 / next }
            beta = next
        }
        return 1 / beta
    }
}
