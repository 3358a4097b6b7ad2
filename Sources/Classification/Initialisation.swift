import AtlasModel
import RandomNumbers

/// What a network begins with.
enum Initialisation {
    /// Kernels uniform in ±√(6 / (fan in + fan out)) (X. Glorot and Y. Bengio, 2010), which is
    /// Keras' default too; biases 0; γ 1, β 0; mean 0, variance 1.
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
