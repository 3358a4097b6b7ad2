internal import COneDNN

/// The purpose of a graph of layers.
package enum GraphPurpose: Sendable {
    /// Prediction: normalisations use the statistics in the store.
    case inference
    /// Training, forward and backward: normalisations use the statistics of the batch.
    case training
    /// Measurement of statistics: forward with the statistics of the batch, which are written to the
    /// store.
    case estimation
}

/// How convolutions are computed.
package enum ConvolutionMethod: Sendable {
    /// Sums of products by definition.
    case direct
    /// The method that is fastest in oneDNN: on processors with AVX-512, minimal filtering (S.
    /// Winograd, 1980; A. Lavin and S. Gray, "Fast algorithms for convolutional neural networks",
    /// CVPR 2016). It is faster for 3 × 3 kernels and has slightly larger rounding errors.
    case fastest
}

/// The shape of the pictures that a graph takes.
package struct PictureShape: Sendable, Equatable {
    package let height: Int
    package let width: Int
    package let channels: Int

    package init(height: Int, width: Int, channels: Int) {
        self.height = height
        self.width = width
        self.channels = channels
    }
}

/// A chain of layers that computes batches of one size, from pictures to scores.
///
/// A graph is made and used by one thread at a time. A graph for inference copies the weights when a
/// layer is added; the others read them from their store in each pass. The input is
/// `(batch, height, width, channels) float32`, the output `(batch, classes) float32`.
package final class LayerGraph {
    /// Pictures in a batch.
    package let batch: Int
    private let engine: Engine
    private let store: ParameterStore
    private let purpose: GraphPurpose
    private let method: ConvolutionMethod
    private let input: Tensor
    private var steps: [any Step] = []
    /// The shape of the output so far: `[batch, channels, height, width]`, or `[batch, units]` after
    /// a dense layer.
    package private(set) var shape: [Int]

    /// A graph without layers, which `add…` then appends in order.
    /// - Parameters:
    ///   - store: holds the values of the layers; the graph keeps it alive.
    /// - Throws: `KernelError`, as do the methods that add layers.
    package init(
        batch: Int, of picture: PictureShape, store: ParameterStore, for purpose: GraphPurpose,
        method: ConvolutionMethod = .direct
    ) throws(KernelError) {
        engine = try Engine()
        self.batch = batch
        self.store = store
        self.purpose = purpose
        self.method = method
        shape = [batch, picture.channels, picture.height, picture.width]
        input = try Tensor(layout(shape, dnnl_nhwc), engine)
    }

    private var context: StepContext {
        // Until a layer with weights, the tensor has few channels, as pictures have.
        let seesPictures = !steps.contains { $0 is WeightedStep || $0 is PoolingStep }
        return StepContext(
            engine: engine, store: store, purpose: purpose, method: method,
            input: steps.last?.output ?? input, inputGradient: steps.last?.outputGradient,
            isFirst: seesPictures, shape: shape)
    }

    /// Adds a convolution of stride 1 with a square kernel.
    /// - Parameters:
    ///   - offset: of the kernel `(kernel, kernel, in, filters)` in the store; the bias follows it.
    ///   - rectified: applies a rectifier to the result at no extra cost; for prediction only.
    package func addConvolution(
        filters: Int, kernel: Int, padding: Int, offset: Int, rectified: Bool = false
    ) throws(KernelError) {
        try addConvolution(
            Convolution(
                filters: filters,
                window: Window(size: Sides(kernel), padding: Margins(padding))),
            offset: offset, rectified: rectified)
    }

    /// Adds a convolution; with strides, dilation or groups for prediction only.
    /// - Parameters:
    ///   - offset: of the kernel `(height, width, in / groups, filters)` in the store; the bias follows
    ///     it.
    ///   - rectified: applies a rectifier to the result at no extra cost; for prediction only.
    package func addConvolution(_ convolution: Convolution, offset: Int, rectified: Bool = false)
        throws(KernelError)
    {
        precondition(
            !rectified || purpose == .inference, "a rectifier in training is a layer of its own")
        var convolution = convolution
        let window = convolution.window
        if steps.isEmpty && window.padding != .none && purpose != .inference {
            let border = try BorderStep(window.padding, context)
            steps.append(border)
            shape = border.shape
            convolution = Convolution(
                filters: convolution.filters, groups: convolution.groups,
                window: Window(
                    size: window.size, strides: window.strides, dilation: window.dilation))
        }
        steps.append(
            try WeightedStep(
                .convolution(convolution), units: convolution.filters, offset: offset,
                rectified: rectified, context)
        )
        setSides(convolution.window.positions(on: sides), channels: convolution.filters)
    }

    /// The height and width of the output so far.
    private var sides: Sides { Sides(height: shape[2], width: shape[3]) }

    private func setSides(_ sides: Sides, channels: Int) {
        shape = [batch, channels, sides.height, sides.width]
    }

    /// Adds a dense layer; its input is flattened row by row with channels last, as Keras does.
    /// - Parameter rectified: applies a rectifier to the result; for prediction only.
    package func addDense(units: Int, offset: Int, rectified: Bool = false) throws(KernelError) {
        precondition(
            !rectified || purpose == .inference, "a rectifier in training is a layer of its own")
        steps.append(
            try WeightedStep(.dense, units: units, offset: offset, rectified: rectified, context))
        shape = [batch, units]
    }

    /// Adds a batch normalisation, followed by a rectifier if `rectified`.
    /// - Parameters:
    ///   - offset: of γ in the store; β follows it.
    ///   - statistics: offset of the mean in the store's statistics; the variance follows it.
    package func addNormalization(epsilon: Float, rectified: Bool, offset: Int, statistics: Int)
        throws(KernelError)
    {
        steps.append(
            try NormalizationStep(
                epsilon: epsilon, rectified: rectified, offset: offset, statistics: statistics,
                context))
    }

    /// Adds max(0, x).
    package func addRectifier() throws(KernelError) {
        steps.append(try RectifierStep(context))
    }

    /// Adds the maximum of each window of `size` × `size` pixels; rows and columns that do not fill a
    /// window are left out.
    package func addMaxPooling(size: Int) throws(KernelError) {
        try addMaxPooling(Window(size: Sides(size), strides: Sides(size)))
    }

    /// Adds the maximum of the pixels of each window that lie in the picture.
    package func addMaxPooling(_ window: Window) throws(KernelError) {
        try addPooling(dnnl_pooling_max, window)
    }

    /// Adds the mean of the pixels of each window that lie in the picture.
    package func addAveragePooling(_ window: Window) throws(KernelError) {
        try addPooling(dnnl_pooling_avg_exclude_padding, window)
    }

    private func addPooling(_ kind: dnnl_alg_kind_t, _ window: Window) throws(KernelError) {
        steps.append(try PoolingStep(kind, window, context))
        setSides(window.positions(on: sides), channels: shape[1])
    }

    /// Adds the mean of each channel.
    package func addGlobalAveragePooling() throws(KernelError) {
        try addAveragePooling(Window(size: sides))
    }

    /// Adds the maximum of each channel.
    package func addGlobalMaxPooling() throws(KernelError) {
        try addMaxPooling(Window(size: sides))
    }

    /// Adds a function of each value, for prediction.
    package func addElementwise(_ function: Elementwise) throws(KernelError) {
        precondition(purpose == .inference, "a graph for prediction")
        steps.append(try ElementwiseStep(function, context))
    }

    /// Adds a rectifier with trained slopes, for prediction.
    /// - Parameters:
    ///   - offset: of the slopes in the store.
    ///   - slopes: their shape, `[height, width, channels]` or `[units]`; a side of 1 stands for equal
    ///     slopes along that side.
    package func addParametricRectifier(offset: Int, slopes: [Int]) throws(KernelError) {
        precondition(purpose == .inference, "a graph for prediction")
        steps.append(try ParametricRectifierStep(offset: offset, shape: slopes, context))
    }

    /// Adds rows and columns of zeros around the pictures, for prediction.
    package func addPadding(_ margins: Margins) throws(KernelError) {
        precondition(purpose == .inference, "a graph for prediction")
        let border = try BorderStep(margins, context)
        steps.append(border)
        shape = border.shape
    }

    /// Leaves rows and columns at the edges of the pictures out, for prediction.
    package func addCropping(_ margins: Margins) throws(KernelError) {
        precondition(purpose == .inference, "a graph for prediction")
        let cropping = try CroppingStep(margins, context)
        steps.append(cropping)
        shape = cropping.shape
    }

    /// Adds pictures of another size, for prediction.
    package func addResizing(to sides: Sides, _ interpolation: Interpolation) throws(KernelError) {
        precondition(purpose == .inference, "a graph for prediction")
        steps.append(try ResizingStep(to: sides, interpolation, context))
        setSides(sides, channels: shape[1])
    }

    /// Adds a layer that sets a random share of the values to zero in training.
    /// - Parameter random: gives 64 random bits a call.
    package func addDropout(rate: Float, random: @escaping () -> UInt64) throws(KernelError) {
        steps.append(try DropoutStep(rate: rate, random: random, context))
    }

    /// Adds a layer that flattens its input row by row with channels last, for prediction:
    /// `(batch, values)`.
    package func addFlattening() throws(KernelError) {
        precondition(purpose == .inference, "a graph for prediction")
        steps.append(try FlatteningStep(context))
        shape = [batch, shape[1...].reduce(1, *)]
    }

    /// Calls `fill` to write the pictures of the next batch, `(batch, height, width, channels)`.
    package func withInput(_ fill: (UnsafeMutableBufferPointer<Float>) -> Void) {
        fill(UnsafeMutableBufferPointer(start: input.floats, count: input.count))
    }

    /// Runs all layers.
    /// - Returns: the scores of the batch, `(batch, classes)` row-major; empty without layers.
    package func forward() throws(KernelError) -> [Float] {
        for step in steps { try step.forward() }
        guard let last = steps.last else { return [] }
        return Array(UnsafeBufferPointer(start: last.output.floats, count: shape.reduce(1, *)))
    }

    /// Runs all layers backward; the store then holds the gradients of the loss by its values.
    /// - Parameter gradient: of the loss by the scores of the last `forward`, `(batch, classes)`.
    package func backward(_ gradient: [Float]) throws(KernelError) {
        precondition(purpose == .training, "a graph for training")
        guard let target = steps.last?.outputGradient else { return }
        precondition(gradient.count == target.count, "one gradient for each score")
        target.floats.update(from: gradient, count: gradient.count)
        for step in steps.reversed() { try step.backward() }
    }
}
