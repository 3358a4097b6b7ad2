import AtlasModel

/// A network without weights: a chain of layers for square RGB pictures.
package struct Architecture: Sendable, Equatable {
    package let name: String
    package let layers: [Layer]
    /// The side of its input in pixels: that of model vectors, or of crops of larger pictures.
    package let side: Int
    /// Whether it takes the bytes of a picture as 0 to 255; else as 0 to 1, as networks of GeoAtlas do.
    let takesBytes: Bool

    /// A layer with the name that its weights have in files.
    package struct Layer: Sendable, Equatable {
        package let name: String
        package let kind: Kind
    }

    /// The layers that GeoAtlas trains, and those of others.
    package enum Kind: Sendable, Equatable {
        case zeroPadding(Int)
        /// Stride 1; `same` pads with zeros to keep the size.
        case convolution(filters: Int, kernel: Int, same: Bool)
        case normalization(epsilon: Float, momentum: Float)
        case rectifier
        case maxPooling(Int)
        /// The mean of each channel.
        case globalAveragePooling
        case dropout(Float)
        case flatten
        case dense(Int)
        case softmax
        case foreign(ForeignLayer)
    }

    package init(
        name: String, layers: [Layer], side: Int = ModelVectors.side, takesBytes: Bool = false
    ) {
        self.name = name
        self.layers = layers
        self.side = side
        self.takesBytes = takesBytes
    }

    /// An architecture of other layers with the same name and input.
    func with(layers: [Layer]) -> Architecture {
        Architecture(name: name, layers: layers, side: side, takesBytes: takesBytes)
    }

    /// The names of the architectures that see model vectors, from the smallest to the largest.
    package static let ofVectors = ["conv1l", "conv2l", "smallvgg", "deep"]
    /// The name of the architecture that sees crops of photographs.
    package static let grain = "grain"
    /// The names of all architectures.
    package static let known = ofVectors + [grain]

    /// The architecture with a name and a number of classes; `nil` for an unknown name.
    /// - Parameter side: of its input in pixels; only `grain` takes another than that of model vectors.
    package static func named(_ name: String, classes: Int, side: Int = ModelVectors.side)
        -> Architecture?
    {
        let kinds: [Kind]
        switch name {
        case "conv1l":
            kinds = [.zeroPadding(2)] + block(32) + [.maxPooling(2), .flatten, .dropout(0.3)]
        case "conv2l":
            kinds =
                [.zeroPadding(2)] + block(32) + [.maxPooling(2), .dropout(0.3)] + block(64)
                + [.maxPooling(2), .dropout(0.3), .flatten]
        case "smallvgg":
            kinds =
                vgg(32) + [.maxPooling(3), .dropout(0.25)] + vgg(64) + vgg(64)
                + [.maxPooling(2), .dropout(0.25)] + vgg(128) + vgg(128)
                + [.maxPooling(2), .dropout(0.25), .flatten, .dense(1024), .rectifier]
                + [.normalization(epsilon: 1e-3, momentum: 0.9), .dropout(0.5)]
        case "deep":
            kinds =
                [32, 64].flatMap { same($0, pooled: false) + same($0, pooled: true) }
                + same(128, pooled: false) + same(128, pooled: false) + [.globalAveragePooling]
        case grain:
            kinds =
                [16, 32, 64].flatMap { same($0, pooled: true) } + same(96, pooled: false)
                + same(128, pooled: false) + [.globalAveragePooling, .dropout(0.2)]
        default: return nil
        }
        precondition(side == ModelVectors.side || name == grain, "only grain sees crops")
        return Architecture(name: name, side: side, kinds: kinds + [.dense(classes), .softmax])
    }

    private static func block(_ filters: Int) -> [Kind] {
        // ε is the default of Keras. Its default momentum of 0.99 lags behind in five epochs.
        [
            .convolution(filters: filters, kernel: 3, same: false),
            .normalization(epsilon: 1e-3, momentum: 0.9), .rectifier,
        ]
    }

    private static func vgg(_ filters: Int) -> [Kind] {
        [
            .convolution(filters: filters, kernel: 3, same: true), .rectifier,
            .normalization(epsilon: 1e-3, momentum: 0.9),
        ]
    }

    /// Pooling comes before the normalisation, which then processes a quarter of the pixels. The
    /// rectifier is monotonic, so the result hardly changes.
    private static func same(_ filters: Int, pooled: Bool) -> [Kind] {
        [.convolution(filters: filters, kernel: 3, same: true)] + (pooled ? [.maxPooling(2)] : [])
            + [.normalization(epsilon: 1e-3, momentum: 0.9), .rectifier]
    }

    /// Names the layers by their kind and a number, as Keras does.
    private init(name: String, side: Int, kinds: [Kind]) {
        var counts: [String: Int] = [:]
        self.init(
            name: name,
            layers: kinds.map { kind in
                let stem = kind.stem
                counts[stem, default: 0] += 1
                return Layer(name: "\(stem)_\(counts[stem, default: 1])", kind: kind)
            }, side: side)
    }
}

extension Architecture.Kind {
    fileprivate var stem: String {
        switch self {
        case .zeroPadding: "zero_padding2d"
        case .convolution: "conv2d"
        case .normalization: "batch_normalization"
        case .rectifier: "re_lu"
        case .maxPooling: "max_pooling2d"
        case .globalAveragePooling: "global_average_pooling2d"
        case .dropout: "dropout"
        case .flatten: "flatten"
        case .dense: "dense"
        case .softmax: "softmax"
        case .foreign: "layer"
        }
    }
}
