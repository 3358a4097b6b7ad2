internal import COneDNN

/// What a graph of layers is for.
public enum GraphPurpose: Sendable {
    /// Predicting: normalisations use the store's statistics.
    case inference
    /// Learning, forward and back: normalisations use the statistics of the batch.
    case training
    /// Measuring: forward with the statistics of the batch, which are left in the store.
    case estimation
}

/// How convolutions are computed.
public enum ConvolutionMethod: Sendable {
    /// Sums of products as they stand.
    case direct
    /// What oneDNN takes for fastest: where the processor has AVX-512, S. Winograd's minimal
    /// filtering (A. Lavin and S. Gray, 2016), which is faster for 3 × 3 kernels and rounds a
    /// little more.
    case fastest
}

/// A chain of layers at work on batches of one size, from pictures to scores.
///
/// Made and run on one thread. A graph for inference keeps the weights it was made with; the others
/// read them anew from their store in each pass. Pictures go in as `(batch, height, width, channels)`, scores come
/// out as `(batch, classes)`.
public final class LayerGraph {
    public let batch: Int
    private let engine: Engine
    private let store: ParameterStore
    private let purpose: GraphPurpose
    private let method: ConvolutionMethod
    private let input: Tensor
    private var steps: [any Step] = []
    /// `[batch, channels, height, width]`, or `[batch, units]` behind a dense layer.
    public private(set) var shape: [Int]

    public init(
        batch: Int, height: Int, width: Int, channels: Int, store: ParameterStore,
        for purpose: GraphPurpose, method: ConvolutionMethod = .direct
    ) throws(KernelError) {
        engine = try Engine()
        self.batch = batch
        self.store = store
        self.purpose = purpose
        self.method = method
        shape = [batch, channels, height, width]
        input = try Tensor(layout(shape, dnnl_nhwc), engine)
    }

    private var context: StepContext {
        let seesPictures = steps.last.map { $0 is BorderStep } ?? true
        return StepContext(
            engine: engine, store: store, purpose: purpose, method: method,
            input: steps.last?.output ?? input, inputGradient: steps.last?.outputGradient,
            isFirst: seesPictures, shape: shape)
    }

    /// A convolution of stride 1; its kernel `(kernel, kernel, in, filters)` lies at `offset`, its
    /// bias behind it.
    /// - Parameter rectified: whether a rectifier follows, which prediction gets for nothing here.
    public func addConvolution(
        filters: Int, kernel: Int, padding: Int, offset: Int, rectified: Bool = false
    ) throws(KernelError) {
        precondition(!rectified || purpose == .inference, "a rectifier that learns is a step")
        var padding = padding
        if steps.isEmpty && padding > 0 && purpose != .inference {
            let border = try BorderStep(width: padding, context)
            steps.append(border)
            shape = border.shape
            padding = 0
        }
        steps.append(
            try WeightedStep(
                .convolution(kernel: kernel, padding: padding), units: filters, offset: offset,
                rectified: rectified, context)
        )
        let reach = 2 * padding - kernel + 1
        shape = [batch, filters, shape[2] + reach, shape[3] + reach]
    }

    /// A dense layer on the flattened input, flattened row by row with channels last, as Keras
    /// does.
    /// - Parameter rectified: as with a convolution.
    public func addDense(units: Int, offset: Int, rectified: Bool = false) throws(KernelError) {
        precondition(!rectified || purpose == .inference, "a rectifier that learns is a step")
        steps.append(
            try WeightedStep(.dense, units: units, offset: offset, rectified: rectified, context))
        shape = [batch, units]
    }

    /// A batch normalisation, with a rectifier behind it if `rectified`.
    /// - Parameters:
    ///   - offset: of γ in the store; β follows it.
    ///   - statistics: of the mean in the store's statistics; the variance follows it.
    public func addNormalization(epsilon: Float, rectified: Bool, offset: Int, statistics: Int)
        throws(KernelError)
    {
        steps.append(
            try NormalizationStep(
                epsilon: epsilon, rectified: rectified, offset: offset, statistics: statistics,
                context))
    }

    public func addRectifier() throws(KernelError) {
        steps.append(try RectifierStep(context))
    }

    public func addMaxPooling(size: Int) throws(KernelError) {
        steps.append(try PoolingStep(dnnl_pooling_max, height: size, width: size, context))
        shape = [batch, shape[1], shape[2] / size, shape[3] / size]
    }

    /// The mean of each channel.
    public func addGlobalAveragePooling() throws(KernelError) {
        steps.append(
            try PoolingStep(
                dnnl_pooling_avg_exclude_padding, height: shape[2], width: shape[3], context))
        shape = [batch, shape[1], 1, 1]
    }

    /// - Parameter random: 64 random bits a call.
    public func addDropout(rate: Float, random: @escaping () -> UInt64) throws(KernelError) {
        steps.append(try DropoutStep(rate: rate, random: random, context))
    }

    /// Ends a graph for prediction at what the last layer gives, row by row with channels last:
    /// `forward` then gives `(batch, values)`.
    public func addFlattening() throws(KernelError) {
        precondition(purpose == .inference, "a graph for prediction")
        steps.append(try FlatteningStep(context))
        shape = [batch, shape[1...].reduce(1, *)]
    }

    /// Lets `fill` write the pictures of the next batch.
    public func withInput(_ fill: (UnsafeMutableBufferPointer<Float>) -> Void) {
        fill(UnsafeMutableBufferPointer(start: input.floats, count: input.count))
    }

    /// Runs all layers; the scores of the batch, `(batch, classes)`.
    public func forward() throws(KernelError) -> [Float] {
        for step in steps { try step.forward() }
        guard let last = steps.last else { return [] }
        return Array(UnsafeBufferPointer(start: last.output.floats, count: shape.reduce(1, *)))
    }

    /// Runs all layers back from the gradient by the scores; the store then holds the gradients.
    public func backward(_ gradient: [Float]) throws(KernelError) {
        precondition(purpose == .training, "a graph for training")
        guard let target = steps.last?.outputGradient else { return }
        precondition(gradient.count == target.count, "one gradient for each score")
        target.floats.update(from: gradient, count: gradient.count)
        for step in steps.reversed() { try step.backward() }
    }
}
