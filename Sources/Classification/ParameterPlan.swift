import AtlasModel

/// The positions of the values of each layer in the blocks of trainable values and of statistics.
struct ParameterPlan {
    /// A named array of a layer, as Keras files hold it.
    struct Field: Equatable {
        let name: String
        let shape: [Int]
        let offset: Int
        /// Whether it belongs to the block of statistics instead of trainable values.
        let isStatistic: Bool

        var count: Int { shape.reduce(1, *) }
    }

    /// The fields of each layer of the architecture, in the order of Keras.
    let fields: [[Field]]
    /// The shape of the input of each layer, `[height, width, channels]` or `[units]`.
    let inputs: [[Int]]
    let trainable: Int
    let statistics: Int

    /// - Throws: `ClassificationError.impossibleLayer` if a layer cannot follow the one before it.
    init(_ architecture: Architecture) throws(ClassificationError) {
        var shape = [ModelVectors.side, ModelVectors.side, 3]
        var fields: [[Field]] = []
        var inputs: [[Int]] = []
        var trainable = 0
        var statistics = 0
        for layer in architecture.layers {
            inputs.append(shape)
            var own: [Field] = []
            func add(_ name: String, _ dims: [Int], statistic: Bool = false) {
                let offset = statistic ? statistics : trainable
                let field = Field(name: name, shape: dims, offset: offset, isStatistic: statistic)
                own.append(field)
                if statistic { statistics += field.count } else { trainable += field.count }
            }
            switch layer.kind {
            case .convolution(let filters, let kernel, _):
                add("kernel", [kernel, kernel, shape.last ?? 0, filters])
                add("bias", [filters])
            case .normalization:
                let channels = [shape.last ?? 0]
                add("gamma", channels)
                add("beta", channels)
                add("moving_mean", channels, statistic: true)
                add("moving_variance", channels, statistic: true)
            case .dense(let units):
                add("kernel", [shape.reduce(1, *), units])
                add("bias", [units])
            case .zeroPadding, .rectifier, .maxPooling, .globalAveragePooling, .dropout, .flatten,
                .softmax:
                break
            }
            fields.append(own)
            shape = try Self.output(of: layer, from: shape)
        }
        self.fields = fields
        self.inputs = inputs
        self.trainable = trainable
        self.statistics = statistics
    }

    private static func output(of layer: Architecture.Layer, from shape: [Int])
        throws(ClassificationError) -> [Int]
    {
        let output: [Int]
        switch (layer.kind, shape.count) {
        case (.zeroPadding(let pad), 3):
            output = [shape[0] + 2 * pad, shape[1] + 2 * pad, shape[2]]
        case (.convolution(let filters, let kernel, let same), 3):
            let cut = same ? 0 : kernel - 1
            output = [shape[0] - cut, shape[1] - cut, filters]
        case (.maxPooling(let size), 3):
            output = [shape[0] / size, shape[1] / size, shape[2]]
        case (.globalAveragePooling, 3): output = [shape[2]]
        case (.flatten, _): output = [shape.reduce(1, *)]
        case (.dense(let units), _): output = [units]
        case (.normalization, _), (.rectifier, _), (.dropout, _), (.softmax, _): output = shape
        default: throw .impossibleLayer(name: layer.name, input: shape)
        }
        guard output.allSatisfy({ $0 > 0 }) else {
            throw .impossibleLayer(name: layer.name, input: shape)
        }
        return output
    }
}
