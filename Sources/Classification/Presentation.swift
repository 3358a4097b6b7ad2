import AtlasModel

/// How a picture is shown to a network that learns: in one of the eight forms that turning and
/// mirroring give, since rock has no up.
enum Presentation {
    static let forms = 8

    /// For each form, where each pixel comes from.
    private static let sources: [[Int]] = (0..<forms).map { form in
        let side = ModelVectors.side
        return (0..<side * side).map { position in
            var (x, y) = (position % side, position / side)
            for _ in 0..<form % 4 { (x, y) = (side - 1 - y, x) }
            if form >= 4 { x = side - 1 - x }
            return y * side + x
        }
    }

    /// Writes picture `index` in a form, as values in 0…1, to place `place` of a batch.
    static func write(
        _ vectors: ModelVectors, _ index: Int, form: Int, to target: UnsafeMutableBufferPointer<Float>,
        at place: Int
    ) {
        let start = index * ModelVectors.length
        let end = place * ModelVectors.length
        vectors.bytes.withUnsafeBufferPointer { bytes in
            sources[form].withUnsafeBufferPointer { sources in
                for pixel in 0..<sources.count {
                    let from = start + sources[pixel] * 3
                    let to = end + pixel * 3
                    target[to] = Float(bytes[from]) / 255
                    target[to + 1] = Float(bytes[from + 1]) / 255
                    target[to + 2] = Float(bytes[from + 2]) / 255
                }
            }
        }
    }
}

/// What a network begins with.
enum Initialisation {
    /// Kernels uniform in ±√(6 / (fan in + fan out)) (X. Glorot and Y. Bengio, 2010), which is Keras'
    /// default too; biases 0; γ 1, β 0; running mean 0, variance 1.
    static func values(_ plan: ParameterPlan, random: inout SplitMix64) -> (
        values: [Float], statistics: [Float]
    ) {
        var values = [Float](repeating: 0, count: plan.trainable)
        var statistics = [Float](repeating: 0, count: plan.statistics)
        for field in plan.fields.joined() {
            let range = field.offset..<field.offset + field.count
            switch field.name {
            case "kernel":
                let receptive = field.shape.dropLast(2).reduce(1, *)
                let fans = receptive * field.shape.suffix(2).reduce(0, +)
                let limit = (6 / Double(fans)).squareRoot()
                for i in range { values[i] = Float(random.uniform(-limit...limit)) }
            case "gamma": for i in range { values[i] = 1 }
            case "moving_variance": for i in range { statistics[i] = 1 }
            default: break
            }
        }
        return (values, statistics)
    }
}

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
