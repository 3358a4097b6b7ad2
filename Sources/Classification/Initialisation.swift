import AtlasModel
import RandomNumbers

/// The initial values of a network.
enum Initialisation {
    /// Kernels are uniform in ±√(6 / (fan in + fan out)) (X. Glorot and Y. Bengio, "Understanding the
    /// difficulty of training deep feedforward neural networks", AISTATS 2010), the default of Keras;
    /// biases are 0, γ 1, β 0, means 0 and variances 1.
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
