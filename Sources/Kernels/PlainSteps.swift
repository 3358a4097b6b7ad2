internal import COneDNN

/// Batch normalisation (S. Ioffe and C. Szegedy, 2015), followed by a rectifier if `rectified`.
final class NormalizationStep: Step {
    let output: Tensor
    let outputGradient: Tensor?
    private let forwardPass: Primitive
    private var backwardPass: Primitive?

    init(
        epsilon: Float, rectified: Bool, offset: Int, statistics: Int, _ context: StepContext
    ) throws(KernelError) {
        let channels = context.shape[1]
        let (engine, training) = (context.engine, context.training)
        var flags = dnnl_use_scaleshift.rawValue
        if rectified { flags |= dnnl_fuse_norm_relu.rawValue }
        if context.purpose == .inference { flags |= dnnl_use_global_stats.rawValue }
        var data = context.input.description
        var operation = dnnl_batch_normalization_desc_t()
        try check(
            dnnl_batch_normalization_forward_desc_init(
                &operation,
                context.purpose == .inference ? dnnl_forward_inference : dnnl_forward_training,
                &data, epsilon, flags
            ).rawValue, "batch_normalization_forward")
        forwardPass = try Primitive(operation, engine, call: "batch_normalization_forward")
        output = try context.tensor(data)
        outputGradient = try context.gradient(like: output)
        let statistic = try layout([channels], dnnl_x)
        // Read in place for inference, written in place for estimation.
        let place = context.store.statistics + statistics
        let mean = try Tensor(statistic, engine, shared: training ? nil : .init(place))
        let variance = try Tensor(
            statistic, engine, shared: training ? nil : .init(place + channels))
        let scale = try context.values(offset, [2, channels], dnnl_nc)
        var arguments = [
            (DNNL_ARG_SRC, context.input), (DNNL_ARG_SCALE_SHIFT, scale), (DNNL_ARG_MEAN, mean),
            (DNNL_ARG_VARIANCE, variance), (DNNL_ARG_DST, output),
        ]
        var workspace: Tensor?
        if context.purpose != .inference && rectified {
            let space = try context.tensor(forwardPass.layout(dnnl_query_workspace_md))
            arguments.append((DNNL_ARG_WORKSPACE, space))
            workspace = space
        }
        try forwardPass.bind(arguments)
        guard let outputGradient, let inputGradient = context.inputGradient else { return }
        var gradient = outputGradient.description
        var reverse = dnnl_batch_normalization_desc_t()
        try check(
            dnnl_batch_normalization_backward_desc_init(
                &reverse, dnnl_backward, &gradient, &data, epsilon, flags
            ).rawValue, "batch_normalization_backward")
        let pass = try Primitive(
            reverse, engine, forward: forwardPass, call: "batch_normalization_backward")
        var inputs = [
            (DNNL_ARG_SRC, context.input), (DNNL_ARG_SCALE_SHIFT, scale), (DNNL_ARG_MEAN, mean),
            (DNNL_ARG_VARIANCE, variance), (DNNL_ARG_DIFF_DST, outputGradient),
            (DNNL_ARG_DIFF_SRC, inputGradient),
            (DNNL_ARG_DIFF_SCALE_SHIFT, try context.gradients(offset, [2, channels], dnnl_nc)),
        ]
        if let workspace { inputs.append((DNNL_ARG_WORKSPACE, workspace)) }
        try pass.bind(inputs)
        backwardPass = pass
    }

    func forward() throws(KernelError) { try forwardPass.run() }
    func backward() throws(KernelError) { try backwardPass?.run() }
}

/// Adds zeros around the pictures, for prediction and for a first convolution with padding.
///
/// oneDNN 2.6 has no fast weight gradient for a padded convolution of three channels: its reference
/// loop is 40 times slower. For pictures that already contain the zeros it has one.
final class BorderStep: Step {
    let output: Tensor
    /// `nil`: there are no trainable layers before it.
    let outputGradient: Tensor? = nil
    /// Shape of the output, `[batch, channels, height, width]`.
    let shape: [Int]
    private let copy: Primitive

    init(_ margins: Margins, _ context: StepContext) throws(KernelError) {
        shape = [
            context.shape[0], context.shape[1], context.shape[2] + margins.top + margins.bottom,
            context.shape[3] + margins.left + margins.right,
        ]
        output = try context.tensor(layout(shape, dnnl_nchw))
        let inside = try part(of: output, shape: context.shape, margins)
        let window = try Tensor(inside, context.engine, shared: output.bytes)
        copy = try Primitive(reordering: context.input, to: window, context.engine)
    }

    func forward() throws(KernelError) { try copy.run() }
    func backward() {}
}

/// Leaves rows and columns at the edges of the pictures out, for prediction only.
final class CroppingStep: Step {
    let output: Tensor
    let outputGradient: Tensor? = nil
    /// Shape of the output, `[batch, channels, height, width]`.
    let shape: [Int]
    private let ordered: Adapted
    private let copy: Primitive

    init(_ margins: Margins, _ context: StepContext) throws(KernelError) {
        shape = [
            context.shape[0], context.shape[1], context.shape[2] - margins.top - margins.bottom,
            context.shape[3] - margins.left - margins.right,
        ]
        output = try context.tensor(layout(shape, dnnl_nchw))
        // A part of a layout in blocks of channels would need whole blocks.
        ordered = try Adapted(
            from: context.input, to: layout(context.shape, dnnl_nchw), context.engine)
        let inside = try part(of: ordered.tensor, shape: shape, margins)
        let window = try Tensor(inside, context.engine, shared: ordered.tensor.bytes)
        copy = try Primitive(reordering: window, to: output, context.engine)
    }

    func forward() throws(KernelError) {
        try ordered.copy?.run()
        try copy.run()
    }
    func backward() {}
}

/// The layout of the pictures of a shape that begin `margins` from the top and from the left of those
/// of a tensor.
private func part(of whole: Tensor, shape: [Int], _ margins: Margins) throws(KernelError)
    -> dnnl_memory_desc_t
{
    var whole = whole.description
    var inside = dnnl_memory_desc_t()
    try check(
        dnnl_memory_desc_init_submemory(
            &inside, &whole, shape.map { dnnl_dim_t($0) },
            [0, 0, dnnl_dim_t(margins.top), dnnl_dim_t(margins.left)]
        ).rawValue, "memory_desc_init_submemory")
    return inside
}

/// The maximum or the mean of each window of pixels; rows and columns that do not fill a window are
/// left out.
final class PoolingStep: Step {
    let output: Tensor
    let outputGradient: Tensor?
    private let forwardPass: Primitive
    private var backwardPass: Primitive?

    init(_ kind: dnnl_alg_kind_t, _ pooling: Window, _ context: StepContext) throws(KernelError) {
        let shape = context.shape
        let window = [pooling.size.height, pooling.size.width].map { dnnl_dim_t($0) }
        let strides = [pooling.strides.height, pooling.strides.width].map { dnnl_dim_t($0) }
        let before = [pooling.padding.top, pooling.padding.left].map { dnnl_dim_t($0) }
        let after = [pooling.padding.bottom, pooling.padding.right].map { dnnl_dim_t($0) }
        let positions = pooling.positions(on: Sides(height: shape[2], width: shape[3]))
        var source = context.input.description
        var target = try layout(
            [shape[0], shape[1], positions.height, positions.width], dnnl_format_tag_any)
        var operation = dnnl_pooling_desc_t()
        try check(
            dnnl_pooling_forward_desc_init(
                &operation, context.training ? dnnl_forward_training : dnnl_forward_inference,
                kind, &source, &target, strides, window, before, after
            ).rawValue, "pooling_forward")
        forwardPass = try Primitive(operation, context.engine, call: "pooling_forward")
        output = try context.tensor(forwardPass.layout(dnnl_query_dst_md))
        outputGradient = try context.gradient(like: output)
        var arguments = [(DNNL_ARG_SRC, context.input), (DNNL_ARG_DST, output)]
        guard context.training, let outputGradient, let inputGradient = context.inputGradient else {
            try forwardPass.bind(arguments)
            return
        }
        var gradient = outputGradient.description
        var reverse = dnnl_pooling_desc_t()
        try check(
            dnnl_pooling_backward_desc_init(
                &reverse, kind, &source, &gradient, strides, window, before, after
            ).rawValue, "pooling_backward")
        let pass = try Primitive(
            reverse, context.engine, forward: forwardPass, call: "pooling_backward")
        var inputs = [(DNNL_ARG_DIFF_DST, outputGradient), (DNNL_ARG_DIFF_SRC, inputGradient)]
        if kind == dnnl_pooling_max {
            // Which pixel of a window was the largest.
            let workspace = try context.tensor(forwardPass.layout(dnnl_query_workspace_md))
            arguments.append((DNNL_ARG_WORKSPACE, workspace))
            inputs.append((DNNL_ARG_WORKSPACE, workspace))
        }
        try forwardPass.bind(arguments)
        try pass.bind(inputs)
        backwardPass = pass
    }

    func forward() throws(KernelError) { try forwardPass.run() }
    func backward() throws(KernelError) { try backwardPass?.run() }
}

/// The rectifier max(0, x).
final class RectifierStep: Step {
    let output: Tensor
    let outputGradient: Tensor?
    private let input: Tensor
    private let inputGradient: Tensor?

    init(_ context: StepContext) throws(KernelError) {
        input = context.input
        inputGradient = context.inputGradient
        output = try context.tensor(input.description)
        outputGradient = try context.gradient(like: output)
    }

    func forward() {
        let (source, target, count) = (input.floats, output.floats, output.count)
        for i in 0..<count { target[i] = max(0, source[i]) }
    }

    func backward() {
        guard let inputGradient, let outputGradient else { return }
        let (source, given, target) = (input.floats, outputGradient.floats, inputGradient.floats)
        let count = output.count
        for i in 0..<count {
            let slope: Float = source[i] > 0 ? 1 : 0
            target[i] = given[i] * slope
        }
    }
}

/// Dropout (N. Srivastava et al., JMLR 2014): in training sets a random share of the values to zero
/// and scales up the others; in prediction returns its input.
final class DropoutStep: Step {
    let output: Tensor
    let outputGradient: Tensor?
    private let input: Tensor
    private let inputGradient: Tensor?
    /// The share in 256ths: a value becomes zero if its random byte is below this.
    private let threshold: UInt8
    private let scale: Float
    /// A random byte for each value.
    private var bytes: [UInt8]
    private let random: () -> UInt64

    /// - Parameter random: 64 random bits a call.
    init(rate: Float, random: @escaping () -> UInt64, _ context: StepContext) throws(KernelError) {
        input = context.input
        inputGradient = context.inputGradient
        output = context.training ? try context.tensor(input.description) : input
        outputGradient = try context.gradient(like: output)
        threshold = UInt8(min(255, (rate * 256).rounded()))
        scale = 256 / (256 - Float(threshold))
        let words = (output.count + 7) / 8
        bytes = [UInt8](repeating: 0, count: context.training ? words * 8 : 0)
        self.random = random
    }

    func forward() {
        guard !bytes.isEmpty else { return }
        bytes.withUnsafeMutableBytes { bytes in
            for start in stride(from: 0, to: bytes.count, by: 8) {
                bytes.storeBytes(of: random(), toByteOffset: start, as: UInt64.self)
            }
        }
        thin(input.floats, to: output.floats)
    }

    func backward() {
        guard let inputGradient, let outputGradient, !bytes.isEmpty else { return }
        thin(outputGradient.floats, to: inputGradient.floats)
    }

    private func thin(_ source: UnsafeMutablePointer<Float>, to target: UnsafeMutablePointer<Float>)
    {
        let (threshold, scale, count) = (threshold, scale, output.count)
        bytes.withUnsafeBufferPointer { bytes in
            guard let bytes = bytes.baseAddress else { return }
            for i in 0..<count {
                // A product instead of a branch, which the processor could not predict.
                let factor: Float = bytes[i] < threshold ? 0 : scale
                target[i] = source[i] * factor
            }
        }
    }
}
