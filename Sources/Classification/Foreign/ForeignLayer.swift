package import Kernels

/// A layer that GeoAtlas does not train, but reads from networks of others for prediction.
package enum ForeignLayer: Sendable, Equatable {
    case convolution(ForeignConvolution)
    /// A convolution of each channel by itself, then one of 1 × 1.
    case separableConvolution(ForeignConvolution, filters: Int)
    /// A dense layer without a bias.
    case unbiasedDense(Int)
    /// A batch normalisation without γ or without β.
    case normalization(epsilon: Float, isCentred: Bool, isScaled: Bool)
    /// Mean and variance of the training pictures, measured before the training.
    case standardization(isByChannel: Bool, isInverted: Bool)
    /// Each value times a scale plus a shift: one for all channels, or one for each.
    case rescaling(scales: [Float], shifts: [Float])
    /// Functions of each value, one after the other.
    case activation(name: String, [Elementwise])
    /// A rectifier with trained slopes, which are equal along rows or columns if `isShared` says so.
    case parametricRectifier(isShared: [Bool])
    case pooling(Pooling, ForeignWindow)
    case globalMaxPooling
    /// Global pooling that keeps height and width of 1.
    case keptGlobalPooling(Pooling)
    case padding(Margins)
    case cropping(Margins)
    case centreCropping(Sides)
    case resizing(Sides, Interpolation)
    /// Each pixel is repeated, or new ones are found between them.
    case enlarging(Sides, Interpolation)
    /// Does nothing in prediction, for example an augmentation.
    case inactive(kind: String)
    /// The end of a network with one output: the score of the second of two classes.
    case secondOfTwo

    package enum Pooling: Sendable, Equatable {
        case maximum, mean
    }
}

/// The window of a layer whose padding depends on the size of its input.
package struct ForeignWindow: Sendable, Equatable {
    let size: Sides
    var strides = Sides(1)
    var dilation = Sides(1)
    /// Whether the picture is padded so that each stride has one position of the window.
    let isSame: Bool

    /// The window on pictures of one size.
    ///
    /// With `same` padding, TensorFlow divides the missing pixels among both edges, and an odd one goes
    /// to the bottom and to the right ("tf.nn: notes on padding").
    func window(on picture: Sides) -> Window {
        let none = Window(size: size, strides: strides, dilation: dilation)
        guard isSame else { return none }
        func missing(_ side: Int, _ size: Int, _ stride: Int, _ dilation: Int) -> Int {
            let positions = (side + stride - 1) / stride
            return max(0, (positions - 1) * stride + (size - 1) * dilation + 1 - side)
        }
        let rows = missing(picture.height, size.height, strides.height, dilation.height)
        let columns = missing(picture.width, size.width, strides.width, dilation.width)
        return Window(
            size: size, strides: strides, dilation: dilation,
            padding: Margins(
                top: rows / 2, left: columns / 2, bottom: rows - rows / 2,
                right: columns - columns / 2))
    }
}

/// A convolution with options that the layers of GeoAtlas do not have.
package struct ForeignConvolution: Sendable, Equatable {
    /// The number of its output channels.
    enum Channels: Equatable {
        case filters(Int, groups: Int)
        /// So many for each channel of the input, computed from that channel alone.
        case each(Int)
    }

    let channels: Channels
    let window: ForeignWindow
    let hasBias: Bool

    func filters(from input: Int) -> Int {
        switch channels {
        case .filters(let count, _): count
        case .each(let count): input * count
        }
    }

    func groups(of input: Int) -> Int {
        switch channels {
        case .filters(_, let groups): groups
        case .each: input
        }
    }

    /// The shape of its kernel in files.
    func kernel(from input: Int) -> [Int] {
        switch channels {
        case .filters(let count, let groups):
            [window.size.height, window.size.width, input / groups, count]
        case .each(let count): [window.size.height, window.size.width, input, count]
        }
    }
}
