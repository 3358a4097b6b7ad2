public import AtlasModel

extension Network {
    /// What the last dense layer reads of each picture, the penultimate features: one forward pass
    /// that ends before that layer.
    ///
    /// `(n, width) float32`; the width is the layer's number of inputs, flattened row by row with
    /// channels last as Keras does. A picture's features depend on nothing but the picture.
    /// - Parameters:
    ///   - threads: to use; their number changes nothing.
    /// - Throws: `KernelError`; `ClassificationError.impossibleLayer` when layers do not fit together.
    public func features(
        _ vectors: ModelVectors, threads: Int, progress: ProgressReport? = nil
    ) throws -> FeatureVectors {
        // Filled up, so that few pictures go through a graph of the same size as many, whose sums
        // are made in the same order.
        let missing = max(0, Self.fewest - vectors.count) * ModelVectors.length
        let filled =
            missing == 0
            ? vectors
            : ModelVectors(bytes: vectors.bytes + [UInt8](repeating: 0, count: missing))
        let rows = try withoutHead.scores(filled, threads: threads, progress: progress)
        var values: [Float] = []
        values.reserveCapacity(vectors.count * rows[0].count)
        for row in rows.prefix(vectors.count) { values += row }
        return FeatureVectors(values: values, width: rows[0].count)
    }

    /// Pictures that fill a pass.
    private static let fewest = 128

    /// The network up to what its last dense layer reads.
    private var withoutHead: Network {
        let layers = architecture.layers
        let head = layers.lastIndex { if case .dense = $0.kind { true } else { false } }
        let body =
            layers.prefix(head ?? layers.count)
            + [Architecture.Layer(name: "features", kind: .flatten)]
        return Network(
            architecture: Architecture(name: architecture.name, layers: Array(body)),
            classes: classes, values: values, statistics: statistics, temperature: temperature,
            trainingDigests: trainingDigests, origin: origin)
    }
}
