internal import COneDNN

/// Convolution or a dense layer: both multiply by a kernel and add a bias.
final class WeightedStep: Step {
    /// The two layers.
    enum Kind {
        /// Zeros stand beyond the edges of the picture.
        case convolution(Convolution)
        case dense
    }

    let output: Tensor
    let outputGradient: Tensor?
    private let copiesBefore: [Primitive]
    private let forwardPass: Primitive
    private var backwardPasses: [Primitive] = []
    private var copiesAfter: [Primitive] = []

    /// - Parameters:
    ///   - units: channels or units of the output.
    ///   - offset: of the kernel in the store; the bias follows it.
    ///   - rectified: whether negative results become zero.
    init(_ kind: Kind, units: Int, offset: Int, rectified: Bool, _ context: StepContext)
        throws(KernelError)
    {
        let operation = try Operation(kind, units: units, rectified: rectified, context)
        let engine = context.engine
        forwardPass = try operation.forward(context)
        let kernel = try context.values(offset, operation.kernel)
        let biasOffset = offset + operation.kernelShape.reduce(1, *)
        let bias = try context.values(biasOffset, [units], dnnl_x)
        let source = try Adapted(
            from: context.input, to: forwardPass.layout(dnnl_query_src_md), engine)
        let weights = try Adapted(
            from: kernel, to: forwardPass.layout(dnnl_query_weights_md), engine)
        output = try context.tensor(forwardPass.layout(dnnl_query_dst_md))
        outputGradient = try context.gradient(like: output)
        if context.purpose == .inference {
            try weights.copy?.run()
            copiesBefore = [source.copy].compactMap { $0 }
        } else {
            copiesBefore = [source.copy, weights.copy].compactMap { $0 }
        }
        try forwardPass.bind([
            (DNNL_ARG_SRC, source.tensor), (DNNL_ARG_WEIGHTS, weights.tensor),
            (DNNL_ARG_BIAS, bias), (DNNL_ARG_DST, output),
        ])
        guard let outputGradient else { return }
        try addWeightPass(
            operation.backwardWeights(context, forward: forwardPass), context,
            outputGradient: outputGradient,
            kernelGradient: context.gradients(offset, operation.kernel),
            biasGradient: context.gradients(biasOffset, [units], dnnl_x))
        if let inputGradient = context.inputGradient {
            try addInputPass(
                operation.backwardData(context, forward: forwardPass), context.engine,
                outputGradient: outputGradient, kernel: kernel, inputGradient: inputGradient)
        }
    }

    /// Adds the pass that gives the gradients of kernel and bias.
    private func addWeightPass(
        _ pass: Primitive, _ context: StepContext, outputGradient: Tensor, kernelGradient: Tensor,
        biasGradient: Tensor
    ) throws(KernelError) {
        let engine = context.engine
        let source = try Adapted(from: context.input, to: pass.layout(dnnl_query_src_md), engine)
        let gradient = try Adapted(
            from: outputGradient, to: pass.layout(dnnl_query_diff_dst_md), engine)
        let weights = try Adapted(
            into: kernelGradient, from: pass.layout(dnnl_query_diff_weights_md), engine)
        try pass.bind([
            (DNNL_ARG_SRC, source.tensor), (DNNL_ARG_DIFF_DST, gradient.tensor),
            (DNNL_ARG_DIFF_WEIGHTS, weights.tensor), (DNNL_ARG_DIFF_BIAS, biasGradient),
        ])
        add(pass, inputs: [source, gradient], output: weights)
    }

    /// Adds the pass that gives the gradient of the input.
    private func addInputPass(
        _ pass: Primitive, _ engine: Engine, outputGradient: Tensor, kernel: Tensor,
        inputGradient: Tensor
    ) throws(KernelError) {
        let weights = try Adapted(from: kernel, to: pass.layout(dnnl_query_weights_md), engine)
        let gradient = try Adapted(
            from: outputGradient, to: pass.layout(dnnl_query_diff_dst_md), engine)
        let target = try Adapted(
            into: inputGradient, from: pass.layout(dnnl_query_diff_src_md), engine)
        try pass.bind([
            (DNNL_ARG_DIFF_DST, gradient.tensor), (DNNL_ARG_WEIGHTS, weights.tensor),
            (DNNL_ARG_DIFF_SRC, target.tensor),
        ])
        add(pass, inputs: [weights, gradient], output: target)
    }

    /// Adds a backward pass with the copies that it needs before and after it.
    private func add(_ pass: Primitive, inputs: [Adapted], output: Adapted) {
        backwardPasses += inputs.compactMap(\.copy) + [pass]
        copiesAfter += [output].compactMap(\.copy)
    }

    func forward() throws(KernelError) {
        for copy in copiesBefore { try copy.run() }
        try forwardPass.run()
    }

    func backward() throws(KernelError) {
        for pass in backwardPasses { try pass.run() }
        for copy in copiesAfter { try copy.run() }
    }
}

/// The operation descriptors of a weighted layer.
private struct Operation {
    let kind: WeightedStep.Kind
    let kernelShape: [Int]
    /// The kernel in Keras' layout.
    let kernel: dnnl_memory_desc_t
    private let source: dnnl_memory_desc_t
    private let weights: dnnl_memory_desc_t
    private let bias: dnnl_memory_desc_t
    private let target: dnnl_memory_desc_t
    private let strides: [dnnl_dim_t]
    /// Pixels left out between those of the window.
    private let gaps: [dnnl_dim_t]
    /// At top and left.
    private let before: [dnnl_dim_t]
    /// At bottom and right.
    private let after: [dnnl_dim_t]
    private let rectified: Bool
    /// Whether to try Winograd's method.
    private let triesWinograd: Bool

    init(_ kind: WeightedStep.Kind, units: Int, rectified: Bool, _ context: StepContext)
        throws(KernelError)
    {
        self.kind = kind
        self.rectified = rectified
        // Winograd's transforms work on whole registers of channels. In training the kernel changes
        // with each batch and is transformed each time, which pays only for a batch of some size.
        // In all other cases direct sums are faster.
        var isPlain = true
        if case .convolution(let convolution) = kind { isPlain = convolution.isPlain }
        triesWinograd =
            context.method == .fastest && isPlain && context.shape[1] >= Self.registerWidth
            && (context.purpose == .inference || context.shape[0] >= Self.smallestWinogradBatch)
        let shape = context.shape
        switch kind {
        case .convolution(let convolution):
            let (window, groups) = (convolution.window, convolution.groups)
            precondition(
                convolution.isPlain || context.purpose == .inference, "strides in prediction only")
            let each = [units / groups, shape[1] / groups, window.size.height, window.size.width]
            kernelShape = (groups == 1 ? [] : [groups]) + each
            kernel = try Self.kernel(kernelShape, units: units)
            let positions = window.positions(on: Sides(height: shape[2], width: shape[3]))
            strides = [window.strides.height, window.strides.width].map { dnnl_dim_t($0) }
            gaps = [window.dilation.height, window.dilation.width].map { dnnl_dim_t($0 - 1) }
            before = [window.padding.top, window.padding.left].map { dnnl_dim_t($0) }
            after = [window.padding.bottom, window.padding.right].map { dnnl_dim_t($0) }
            target = try layout(
                [shape[0], units, positions.height, positions.width], dnnl_format_tag_any)
        case .dense:
            kernelShape = [units] + shape[1...]
            kernel = try layout(kernelShape, shape.count == 4 ? dnnl_hwio : dnnl_io)
            (strides, gaps, before, after) = ([], [], [], [])
            target = try layout([shape[0], units], dnnl_nc)
        }
        source = try Self.source(units: units, context)
        weights = try layout(kernelShape, dnnl_format_tag_any)
        bias = try layout([units], dnnl_x)
    }

    /// Keras' layout of a kernel: rows, columns, channels of a group, filters of all groups.
    private static func kernel(_ shape: [Int], units: Int) throws(KernelError)
        -> dnnl_memory_desc_t
    {
        guard shape.count == 5 else { return try layout(shape, dnnl_hwio) }
        let (filters, channels, width) = (shape[1], shape[2], shape[4])
        return try layout(
            shape,
            strides: [filters, 1, units, width * channels * units, channels * units])
    }

    /// Single-precision values in a register of AVX-512.
    private static let registerWidth = 16
    /// A training batch of this size repays the transform of the kernel.
    private static let smallestWinogradBatch = 16

    /// The layout in which the input is read.
    ///
    /// The first layer may choose a layout; the others read the layout of the layer before. For
    /// training, oneDNN makes the best choice. For prediction from three channels, its kernel for
    /// planes is twice as fast as the one it would choose; that kernel needs whole registers of
    /// filters.
    private static func source(units: Int, _ context: StepContext) throws(KernelError)
        -> dnnl_memory_desc_t
    {
        guard context.isFirst else { return context.input.description }
        let planes =
            context.purpose == .inference && context.shape.count == 4
            && units % registerWidth == 0
        return try layout(context.shape, planes ? dnnl_nchw : dnnl_format_tag_any)
    }

    /// A convolution by the requested algorithm, or by the one that oneDNN chooses if oneDNN does
    /// not support it for this shape on this processor.
    private func convolution(
        _ make: (dnnl_alg_kind_t) throws(KernelError) -> Primitive
    ) throws(KernelError) -> Primitive {
        guard triesWinograd else { return try make(dnnl_convolution_direct) }
        do {
            return try make(dnnl_convolution_winograd)
        } catch .status(code: Int32(dnnl_unimplemented.rawValue), _) {
            return try make(dnnl_convolution_auto)
        }
    }

    /// A primitive from a descriptor.
    /// - Parameters:
    ///   - call: oneDNN's name of the operation, for errors.
    ///   - forward: the forward primitive, for a backward one.
    ///   - describe: fills in the descriptor.
    private func primitive<Descriptor>(
        _ empty: Descriptor, _ engine: Engine, call: String, forward: Primitive? = nil,
        describe: (inout Descriptor) -> dnnl_status_t
    ) throws(KernelError) -> Primitive {
        var descriptor = empty
        try check(describe(&descriptor).rawValue, call)
        return try Primitive(
            descriptor, engine, forward: forward, rectified: rectified && forward == nil,
            call: call)
    }

    func forward(_ context: StepContext) throws(KernelError) -> Primitive {
        let purpose = context.training ? dnnl_forward_training : dnnl_forward_inference
        let engine = context.engine
        var (source, weights, bias, target) = (source, weights, bias, target)
        switch kind {
        case .convolution:
            return try convolution { algorithm throws(KernelError) in
                try primitive(dnnl_convolution_desc_t(), engine, call: "convolution_forward") {
                    dnnl_dilated_convolution_forward_desc_init(
                        &$0, purpose, algorithm, &source, &weights, &bias, &target, strides,
                        gaps, before, after)
                }
            }
        case .dense:
            return try primitive(dnnl_inner_product_desc_t(), engine, call: "inner_product_forward")
            {
                dnnl_inner_product_forward_desc_init(
                    &$0, purpose, &source, &weights, &bias, &target)
            }
        }
    }

    func backwardWeights(_ context: StepContext, forward: Primitive) throws(KernelError)
        -> Primitive
    {
        let engine = context.engine
        var (source, weights, bias) = (source, weights, bias)
        var target = try forward.layout(dnnl_query_dst_md)
        switch kind {
        case .convolution:
            return try convolution { algorithm throws(KernelError) in
                try primitive(
                    dnnl_convolution_desc_t(), engine, call: "convolution_backward_weights",
                    forward: forward
                ) {
                    dnnl_convolution_backward_weights_desc_init(
                        &$0, algorithm, &source, &weights, &bias, &target, strides, before, after)
                }
            }
        case .dense:
            return try primitive(
                dnnl_inner_product_desc_t(), engine, call: "inner_product_backward_weights",
                forward: forward
            ) {
                dnnl_inner_product_backward_weights_desc_init(
                    &$0, &source, &weights, &bias, &target)
            }
        }
    }

    func backwardData(_ context: StepContext, forward: Primitive) throws(KernelError) -> Primitive {
        let engine = context.engine
        var (source, weights) = (source, weights)
        var target = try forward.layout(dnnl_query_dst_md)
        switch kind {
        case .convolution:
            return try convolution { algorithm throws(KernelError) in
                try primitive(
                    dnnl_convolution_desc_t(), engine, call: "convolution_backward_data",
                    forward: forward
                ) {
                    dnnl_convolution_backward_data_desc_init(
                        &$0, algorithm, &source, &weights, &target, strides, before, after)
                }
            }
        case .dense:
            return try primitive(
                dnnl_inner_product_desc_t(), engine, call: "inner_product_backward_data",
                forward: forward
            ) {
                dnnl_inner_product_backward_data_desc_init(&$0, &source, &weights, &target)
            }
        }
    }
}
