package import AtlasModel

extension Network {
    /// The embedding of each vector: the input of the last dense layer, from one forward pass that
    /// ends before that layer; of a network without one, its scores.
    ///
    /// `(n, width) float32` in the order of the vectors; the width is the number of inputs of that
    /// layer, 128 for `deep`, flattened row by row with channels last as Keras does. The features of a
    /// picture depend on the picture alone. Without vectors the result has no values.
    /// - Parameter threads: number of threads to use; it changes nothing in the result.
    /// - Throws: `KernelError`; `ClassificationError.impossibleLayer`, `.scoresNotFinite`.
    package func features(_ vectors: ModelVectors, threads: Int) throws -> FeatureVectors {
        let layers = architecture.layers
        let head = layers.lastIndex { $0.kind.isDense } ?? layers.count
        let plan = try ParameterPlan(architecture)
        let width = (plan.inputs + [plan.output])[head].reduce(1, *)
        let body = architecture.with(
            layers: layers.prefix(head) + [.init(name: "features", kind: .flatten)])
        let withoutHead = Network(
            architecture: body, classes: classes, values: values, statistics: statistics,
            temperature: temperature, trainingDigests: trainingDigests, origin: origin)
        var values: [Float] = []
        values.reserveCapacity(vectors.count * width)
        for row in try withoutHead.scores(vectors, threads: threads) { values += row }
        return FeatureVectors(values: values, width: width)
    }
}

extension Architecture.Kind {
    fileprivate var isDense: Bool {
        switch self {
        case .dense, .foreign(.unbiasedDense): true
        default: false
        }
    }
}
