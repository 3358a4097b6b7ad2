import Kernels

/// A layer with its own values.
struct LayerPart {
    let layer: Architecture.Layer
    /// Trainable values and statistics in the order of the layer's fields.
    var values: ArraySlice<Float>
    var statistics: ArraySlice<Float>

    init(
        _ kind: Architecture.Kind, named name: String, values: [Float] = [],
        statistics: [Float] = []
    ) {
        layer = .init(name: name, kind: kind)
        self.values = values[...]
        self.statistics = statistics[...]
    }

    init(
        layer: Architecture.Layer, values: ArraySlice<Float>, statistics: ArraySlice<Float>
    ) {
        self.layer = layer
        self.values = values
        self.statistics = statistics
    }
}

extension LayerPart {
    /// The same function as layers that a graph has for prediction, and that can be folded.
    /// - Parameter shape: of the input.
    func plain(on shape: [Int]) -> [LayerPart] {
        let name = layer.name
        switch layer.kind {
        case .foreign(let foreign): return plain(foreign, on: shape)
        case .dense(let units) where shape.count == 3:
            // Keras applies a dense layer to each pixel of a picture.
            return [
                LayerPart(
                    .convolution(filters: units, kernel: 1, same: false), named: name,
                    values: Array(values))
            ]
        default: return [self]
        }
    }

    private func plain(_ foreign: ForeignLayer, on shape: [Int]) -> [LayerPart] {
        let (name, channels) = (layer.name, shape.last ?? 0)
        func zeros(_ count: Int) -> [Float] { [Float](repeating: 0, count: count) }
        func ones(_ count: Int) -> [Float] { [Float](repeating: 1, count: count) }
        switch foreign {
        case .inactive: return []
        case .unbiasedDense(let units):
            let dense = LayerPart(
                .dense(units), named: name, values: values + zeros(units))
            return dense.plain(on: shape)
        case .convolution(let own):
            let bias = own.hasBias ? [] : zeros(own.filters(from: channels))
            return [
                LayerPart(
                    own.plain(on: channels), named: name, values: values + bias)
            ]
        case .separableConvolution(let own, let filters):
            let depthwise = own.kernel(from: channels).reduce(1, *)
            let first = ForeignConvolution(
                channels: own.channels, window: own.window, hasBias: true)
            return [
                LayerPart(
                    .foreign(.convolution(first)), named: name,
                    values: values.prefix(depthwise) + zeros(own.filters(from: channels))),
                LayerPart(
                    .convolution(filters: filters, kernel: 1, same: false), named: name,
                    values: values.dropFirst(depthwise) + (own.hasBias ? [] : zeros(filters))),
            ]
        case .normalization(let epsilon, let isCentred, let isScaled):
            return [
                LayerPart(
                    .normalization(epsilon: epsilon, momentum: 0), named: name,
                    values: (isScaled ? values.prefix(channels) : ones(channels)[...])
                        + (isCentred ? Array(values.suffix(channels)) : zeros(channels)),
                    statistics: Array(statistics))
            ]
        case .standardization(let isByChannel, let isInverted):
            let (means, variances) = halves(isByChannel ? 1 : channels)
            let (scales, shifts) = Standardization.affine(
                means: means, variances: variances, isInverted: isInverted)
            return [Self.affine(scales, shifts, named: name)]
        case .rescaling(let scales, let shifts):
            let times = scales.count == 1 ? channels : 1
            return [
                Self.affine(
                    scales.flatMap { repeatElement($0, count: times) },
                    shifts.flatMap { repeatElement($0, count: times) }, named: name)
            ]
        case .centreCropping(let sides):
            let (rows, columns) = (shape[0] - sides.height, shape[1] - sides.width)
            let margins = Margins(
                top: rows / 2, left: columns / 2, bottom: rows - rows / 2,
                right: columns - columns / 2)
            return [LayerPart(.foreign(.cropping(margins)), named: name)]
        case .enlarging(let factors, let interpolation):
            let sides = Sides(
                height: shape[0] * factors.height, width: shape[1] * factors.width)
            return [LayerPart(.foreign(.resizing(sides, interpolation)), named: name)]
        case .keptGlobalPooling(let pooling):
            let whole = Sides(height: shape[0], width: shape[1])
            let window = ForeignWindow(size: whole, isSame: false)
            return [LayerPart(.foreign(.pooling(pooling, window)), named: name)]
        case .activation, .parametricRectifier, .pooling, .globalMaxPooling, .padding, .cropping,
            .resizing, .secondOfTwo:
            return [self]
        }
    }

    /// Means and variances, each repeated `times`.
    private func halves(_ times: Int) -> (means: [Float], variances: [Float]) {
        let half = statistics.count / 2
        return (
            statistics.prefix(half).flatMap { repeatElement($0, count: times) },
            statistics.suffix(half).flatMap { repeatElement($0, count: times) }
        )
    }

    /// `scale` · x + `shift` for each channel, as a normalisation with a mean of 0 and a variance of 1.
    private static func affine(_ scales: [Float], _ shifts: [Float], named name: String)
        -> LayerPart
    {
        LayerPart(
            .normalization(epsilon: 0, momentum: 0), named: name, values: scales + shifts,
            statistics: [Float](repeating: 0, count: scales.count)
                + [Float](repeating: 1, count: scales.count))
    }

    /// A dense layer with one output that gives the score z, as one with the scores (0, z): their
    /// softmax is (1 − sigmoid(z), sigmoid(z)).
    var withSecondOfTwo: LayerPart {
        LayerPart(
            .dense(2), named: layer.name, values: values.flatMap { [0, $0] })
    }
}

extension ForeignConvolution {
    /// The layer of GeoAtlas if that has all options, else itself with a bias.
    fileprivate func plain(on input: Int) -> Architecture.Kind {
        let size = window.size
        if case .filters(let filters, groups: 1) = channels, size.isSquare,
            window.strides == Sides(1), window.dilation == Sides(1),
            !window.isSame || size.height % 2 == 1
        {
            return .convolution(filters: filters, kernel: size.height, same: window.isSame)
        }
        return .foreign(
            .convolution(
                ForeignConvolution(channels: channels, window: window, hasBias: true)))
    }
}

/// The layer Normalization of Keras.
enum Standardization {
    /// The least deviation, Keras' `backend.epsilon()`.
    private static let least: Float = 1e-7

    /// Scales and shifts that turn values of these means and variances into standard ones, or back.
    ///
    /// A mean of 3 and a variance of 4 give the scale 0.5 and the shift −1.5.
    static func affine(means: [Float], variances: [Float], isInverted: Bool)
        -> (scales: [Float], shifts: [Float])
    {
        let deviations = variances.map { max($0.squareRoot(), least) }
        if isInverted { return (deviations, means) }
        return (deviations.map { 1 / $0 }, zip(means, deviations).map { -$0 / $1 })
    }
}
