extension Architecture {
    /// Multiply-adds a second of a training on two cores, round figures for single precision with
    /// everything around them: for model vectors with AVX2, and for crops with AVX-512, whose large
    /// pictures keep the processor busier. They only decide what is tried, and for how long.
    private static let (rate, rateOfCrops) = (2e10, 1e11)
    /// A training step computes forward, and backward to weights and to inputs.
    private static let passes = 3.0

    /// Multiply-adds of all convolutions and dense layers for one picture.
    /// - Throws: `ClassificationError.impossibleLayer`.
    package func multiplyAdds() throws -> Double {
        let plan = try ParameterPlan(self)
        let outputs = plan.inputs.dropFirst() + [plan.output]
        return zip(plan.fields, outputs).reduce(0) { sum, layer in
            let (fields, output) = layer
            guard let kernel = fields.first, fields.count == 2, !kernel.isStatistic else {
                return sum
            }
            return sum + Double(kernel.count) * Double(output.dropLast().reduce(1, *))
        }
    }

    /// Estimated seconds of a training on two cores. It depends on the layers alone, not on the machine,
    /// so that what is decided by it is decided the same everywhere.
    /// - Parameter presented: training pictures times epochs.
    package func secondsOfTraining(presented: Int) throws -> Double {
        try Self.passes * multiplyAdds() * Double(presented) / ownRate
    }

    /// Epochs of a training that takes so many seconds on two cores, between 30 and 120. Like
    /// `secondsOfTraining` it depends on the layers alone.
    /// - Parameter pictures: in the training set.
    package func epochs(inSeconds seconds: Double, pictures: Int) throws -> Int {
        let one = try secondsOfTraining(presented: max(1, pictures))
        let (fewest, most) = (Double(Self.fewestEpochs), Double(Self.mostEpochs))
        return Int(min(most, max(fewest, seconds / one)))
    }

    /// The shortest training that is worth its time, and the longest that still gains.
    private static let (fewestEpochs, mostEpochs) = (30, 120)

    private var ownRate: Double { seesCrops ? Self.rateOfCrops : Self.rate }
}
