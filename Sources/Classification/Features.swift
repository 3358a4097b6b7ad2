public import AtlasModel

extension Network {
    /// What the last dense layer reads of each picture, the penultimate features: one forward pass
    /// that ends before that layer.
    ///
    /// `(n, width) float32`; the width is the layer's number of inputs, flattened row by row with
    /// channels last as Keras does. A picture's features depend on nothing but the picture.
    /// - Parameter threads: to use; their number changes nothing.
    /// - Throws: `KernelError`; `ClassificationError` when layers do not fit together, or numbers grow
    ///   beyond all bounds.
    public func features(_ vectors: ModelVectors, threads: Int) throws -> FeatureVectors {
        let layers = architecture.layers
        let head =
            layers.lastIndex { if case .dense = $0.kind { true } else { false } } ?? layers.count
        let width = try ParameterPlan(architecture).inputs[head].reduce(1, *)
        let body = Architecture(
            name: architecture.name,
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
