package import AtlasModel

extension Network {
    /// The embedding of each picture: the input of the last dense layer, from one forward pass that
    /// ends before that layer; of a network without one, its scores. Of a network that sees crops it is
    /// the mean over the crops.
    ///
    /// `(n, width) float32` in the order of the pictures; the width is the number of inputs of that
    /// layer, 128 for `deep`, flattened row by row with channels last as Keras does. The features of a
    /// picture depend on the picture alone. Without pictures the result has no values.
    /// - Parameter threads: number of threads to use; it changes nothing in the result.
    /// - Throws: `KernelError`; `ClassificationError.impossibleLayer`, `.scoresNotFinite`.
    package func features(_ input: NetworkInput, threads: Int) throws -> FeatureVectors {
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
        values.reserveCapacity(input.count * width)
        for row in try withoutHead.means(of: input, threads: threads, making: { Array($0) }) {
            values += row
        }
        return FeatureVectors(values: values, width: width)
    }
}

extension Network {
    /// The embedding of each model vector, of a network that takes these.
    package func features(_ vectors: ModelVectors, threads: Int) throws -> FeatureVectors {
        try features(.vectors(vectors), threads: threads)
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
