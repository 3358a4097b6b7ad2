import AtlasModel
import Kernels

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
    /// The shape of the output of the last layer.
    let output: [Int]
    let trainable: Int
    let statistics: Int

    /// The largest number of parameters of a network. Larger ones would need gigabytes for their copies.
    static let mostParameters = 1 << 25
    /// The largest number of values that all layers of a network may give for one picture.
    static let mostOutputs = 1 << 22

    /// - Throws: `ClassificationError.impossibleLayer` if a layer cannot follow the one before it,
    ///   `.layerTooLarge`.
    init(_ architecture: Architecture) throws(ClassificationError) {
        var shape = [architecture.side, architecture.side, 3]
        var fields: [[Field]] = []
        var inputs: [[Int]] = []
        var (trainable, statistics, outputs) = (0, 0, 0)
        var enlarging: String?
        for layer in architecture.layers {
            inputs.append(shape)
            let tooLarge = ClassificationError.layerTooLarge(
                name: layer.name, input: shape, enlarging: enlarging)
            let next = try Self.output(of: layer, from: shape)
            guard let size = Self.product(next), size <= Self.mostOutputs - outputs else {
                throw tooLarge
            }
            if Self.enlarges(from: shape, to: next) { enlarging = layer.name }
            outputs += size
            var own: [Field] = []
            for (name, dims, isStatistic) in Self.fields(of: layer.kind, from: shape) {
                let room = Self.mostParameters - trainable - statistics
                guard let count = Self.product(dims), count <= room else { throw tooLarge }
                own.append(
                    Field(
                        name: name, shape: dims, offset: isStatistic ? statistics : trainable,
                        isStatistic: isStatistic))
                if isStatistic { statistics += count } else { trainable += count }
            }
            fields.append(own)
            shape = next
        }
        self.fields = fields
        self.inputs = inputs
        output = shape
        self.trainable = trainable
        self.statistics = statistics
    }

    /// Whether pictures get at least twice as many pixels. A margin around them adds fewer.
    private static func enlarges(from shape: [Int], to next: [Int]) -> Bool {
        guard let before = product(Array(shape.prefix(2))), shape.count == 3, next.count == 3 else {
            return false
        }
        return next[0] * next[1] / 2 >= before
    }

    /// The product of the sides; `nil` if it is too large for an integer.
    private static func product(_ sides: [Int]) -> Int? {
        var product = 1
        for side in sides {
            let (next, overflows) = product.multipliedReportingOverflow(by: side)
            if overflows { return nil }
            product = next
        }
        return product
    }

    private typealias Description = (name: String, shape: [Int], isStatistic: Bool)

    private static func fields(of kind: Architecture.Kind, from shape: [Int]) -> [Description] {
        let channels = shape.last ?? 0
        switch kind {
        case .convolution(let filters, let kernel, _):
            return [
                ("kernel", [kernel, kernel, channels, filters], false), ("bias", [filters], false),
            ]
        case .normalization: return normalization(channels, isScaled: true, isCentred: true)
        case .dense(let units):
            return [("kernel", [channels, units], false), ("bias", [units], false)]
        case .foreign(let layer): return fields(of: layer, from: shape)
        case .zeroPadding, .rectifier, .maxPooling, .globalAveragePooling, .dropout, .flatten,
            .softmax:
            return []
        }
    }

    private static func fields(of layer: ForeignLayer, from shape: [Int]) -> [Description] {
        let channels = shape.last ?? 0
        switch layer {
        case .convolution(let own):
            let bias = [("bias", [own.filters(from: channels)], false)]
            return [("kernel", own.kernel(from: channels), false)] + (own.hasBias ? bias : [])
        case .separableConvolution(let own, let filters):
            let middle = own.filters(from: channels)
            return [
                ("depthwise_kernel", own.kernel(from: channels), false),
                ("pointwise_kernel", [1, 1, middle, filters], false),
            ] + (own.hasBias ? [("bias", [filters], false)] : [])
        case .unbiasedDense(let units): return [("kernel", [channels, units], false)]
        case .normalization(_, let isCentred, let isScaled):
            return normalization(channels, isScaled: isScaled, isCentred: isCentred)
        case .standardization(let isByChannel, _):
            let dims = isByChannel ? [channels] : []
            return [("mean", dims, true), ("variance", dims, true)]
        case .parametricRectifier(let isShared):
            let sides = zip(shape, isShared).map { $1 ? 1 : $0 }
            return [("alpha", sides, false)]
        case .rescaling, .activation, .pooling, .globalMaxPooling, .keptGlobalPooling, .padding,
            .cropping, .centreCropping, .resizing, .enlarging, .inactive, .secondOfTwo:
            return []
        }
    }

    private static func normalization(_ channels: Int, isScaled: Bool, isCentred: Bool)
        -> [Description]
    {
        (isScaled ? [("gamma", [channels], false)] : [])
            + (isCentred ? [("beta", [channels], false)] : [])
            + [("moving_mean", [channels], true), ("moving_variance", [channels], true)]
    }

    private static func output(of layer: Architecture.Layer, from shape: [Int])
        throws(ClassificationError) -> [Int]
    {
        let output: [Int]?
        switch (layer.kind, shape.count) {
        case (.zeroPadding(let pad), 3):
            output = [shape[0] + 2 * pad, shape[1] + 2 * pad, shape[2]]
        case (.convolution(let filters, let kernel, let same), 3):
            let cut = same ? 0 : kernel - 1
            output = [shape[0] - cut, shape[1] - cut, filters]
        case (.maxPooling(let size), 3):
            output = [shape[0] / size, shape[1] / size, shape[2]]
        case (.globalAveragePooling, 3): output = [shape[2]]
        case (.flatten, _): output = product(shape).map { [$0] }
        case (.dense(let units), _): output = shape.dropLast() + [units]
        case (.normalization, _), (.rectifier, _), (.dropout, _), (.softmax, _): output = shape
        case (.foreign(let foreign), _): output = foreign.output(from: shape)
        default: output = nil
        }
        guard let output, output.allSatisfy({ $0 > 0 }) else {
            throw .impossibleLayer(name: layer.name, input: shape)
        }
        return output
    }
}

extension ForeignLayer {
    /// The shape of its output; `nil` if it cannot follow an output of this shape. A side that is not
    /// positive means the same.
    func output(from shape: [Int]) -> [Int]? {
        switch self {
        case .unbiasedDense(let units): return shape.dropLast() + [units]
        case .rescaling(let scales, _):
            return scales.count == 1 || scales.count == shape.last ? shape : nil
        case .normalization, .standardization, .activation, .inactive: return shape
        case .parametricRectifier(let isShared): return isShared.count == shape.count ? shape : nil
        case .secondOfTwo: return shape == [1] ? [2] : nil
        case .convolution, .separableConvolution, .pooling, .globalMaxPooling, .keptGlobalPooling,
            .padding, .cropping, .centreCropping, .resizing, .enlarging:
            guard shape.count == 3 else { return nil }
            return picture(from: Sides(height: shape[0], width: shape[1]), channels: shape[2])
        }
    }

    /// The shape of the output of a layer for pictures.
    private func picture(from sides: Sides, channels: Int) -> [Int]? {
        func moved(_ window: ForeignWindow, channels: Int) -> [Int] {
            let positions = window.window(on: sides).positions(on: sides)
            return [positions.height, positions.width, channels]
        }
        switch self {
        case .convolution(let own):
            let groups = own.groups(of: channels)
            guard channels.isMultiple(of: groups),
                own.filters(from: channels).isMultiple(of: groups)
            else { return nil }
            return moved(own.window, channels: own.filters(from: channels))
        case .separableConvolution(let own, let filters):
            return moved(own.window, channels: filters)
        case .pooling(_, let window): return moved(window, channels: channels)
        case .globalMaxPooling: return [channels]
        case .keptGlobalPooling: return [1, 1, channels]
        case .padding(let margins):
            return [
                sides.height + margins.top + margins.bottom,
                sides.width + margins.left + margins.right, channels,
            ]
        case .cropping(let margins):
            return [
                sides.height - margins.top - margins.bottom,
                sides.width - margins.left - margins.right, channels,
            ]
        case .centreCropping(let wanted):
            guard wanted.height <= sides.height, wanted.width <= sides.width else { return nil }
            return [wanted.height, wanted.width, channels]
        case .resizing(let wanted, _): return [wanted.height, wanted.width, channels]
        case .enlarging(let factors, _):
            return [sides.height * factors.height, sides.width * factors.width, channels]
        default: return nil
        }
    }
}
