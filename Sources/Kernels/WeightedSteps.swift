internal import COneDNN

/// Convolution with stride 1, or a dense layer: both multiply by a kernel and add a bias.
final class WeightedStep: Step {
    /// What tells the two apart.
    enum Kind {
        /// `kernel × kernel` pixels, zeros added on all sides.
        case convolution(kernel: Int, padding: Int)
        case dense
    }

    let output: Tensor
    let outputGradient: Tensor?
    private let copiesBefore: [Primitive]
    private let forwardPass: Primitive
    private var backwardPasses: [Primitive] = []
    private var copiesAfter: [Primitive] = []

    /// - Parameters:
    ///   - units: channels or units given.
    ///   - offset: of the kernel in the store; the bias follows it.
    ///   - rectified: whether negative results become zero.
    init(_ kind: Kind, units: Int, offset: Int, rectified: Bool, _ context: StepContext)
        throws(KernelError)
    {
        let operation = try Operation(kind, units: units, rectified: rectified, context)
        let engine = context.engine
        forwardPass = try operation.forward(context)
        let kernelTag = context.shape.count == 4 ? dnnl_hwio : dnnl_io
        let kernel = try context.values(offset, operation.kernelShape, kernelTag)
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
        try prepareWeightGradients(
            operation, context, source: context.input, outputGradient: outputGradient,
            kernel: context.gradients(offset, operation.kernelShape, kernelTag),
            bias: context.gradients(biasOffset, [units], dnnl_x))
        if let inputGradient = context.inputGradient {
            try prepareInputGradient(
                operation, context, kernel: kernel, outputGradient: outputGradient, inputGradient)
        }
    }

    private func prepareWeightGradients(
        _ operation: Operation, _ context: StepContext, source: Tensor, outputGradient: Tensor,
        kernel: Tensor, bias: Tensor
    ) throws(KernelError) {
        let pass = try operation.backwardWeights(context, forward: forwardPass)
        let engine = context.engine
        let input = try Adapted(from: source, to: pass.layout(dnnl_query_src_md), engine)
        let gradient = try Adapted(
            from: outputGradient, to: pass.layout(dnnl_query_diff_dst_md), engine)
        let weights = try Adapted(
            into: kernel, from: pass.layout(dnnl_query_diff_weights_md), engine)
        try pass.bind([
            (DNNL_ARG_SRC, input.tensor), (DNNL_ARG_DIFF_DST, gradient.tensor),
            (DNNL_ARG_DIFF_WEIGHTS, weights.tensor), (DNNL_ARG_DIFF_BIAS, bias),
        ])
        backwardPasses += [input.copy, gradient.copy].compactMap { $0 } + [pass]
        copiesAfter += [weights.copy].compactMap { $0 }
    }

    private func prepareInputGradient(
        _ operation: Operation, _ context: StepContext, kernel: Tensor, outputGradient: Tensor,
        _ inputGradient: Tensor
    ) throws(KernelError) {
        let pass = try operation.backwardData(context, forward: forwardPass)
        let engine = context.engine
        let weights = try Adapted(from: kernel, to: pass.layout(dnnl_query_weights_md), engine)
        let gradient = try Adapted(
            from: outputGradient, to: pass.layout(dnnl_query_diff_dst_md), engine)
        let target = try Adapted(
            into: inputGradient, from: pass.layout(dnnl_query_diff_src_md), engine)
        try pass.bind([
            (DNNL_ARG_DIFF_DST, gradient.tensor), (DNNL_ARG_WEIGHTS, weights.tensor),
            (DNNL_ARG_DIFF_SRC, target.tensor),
        ])
        backwardPasses += [weights.copy, gradient.copy].compactMap { $0 } + [pass]
        copiesAfter += [target.copy].compactMap { $0 }
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
    private let source: dnnl_memory_desc_t
    private let weights: dnnl_memory_desc_t
    private let bias: dnnl_memory_desc_t
    private let target: dnnl_memory_desc_t
    private let stride: [dnnl_dim_t] = [1, 1]
    private let padding: [dnnl_dim_t]
    private let rectified: Bool
    /// Whether Winograd's method is to be tried.
    private let transforms: Bool

    init(_ kind: WeightedStep.Kind, units: Int, rectified: Bool, _ context: StepContext)
        throws(KernelError)
    {
        self.kind = kind
        self.rectified = rectified
        // Its transforms want whole registers of channels, and the kernel's has to be repaid by the
        // batch where the kernel changes with each; otherwise direct sums are faster.
        transforms =
            context.method == .fastest && context.shape[1] >= 16
            && (context.purpose == .inference || context.shape[0] >= 16)
        let shape = context.shape
        let outputShape: [Int]
        switch kind {
        case .convolution(let kernel, let pad):
            kernelShape = [units, shape[1], kernel, kernel]
            outputShape = [
                shape[0], units, shape[2] + 2 * pad - kernel + 1, shape[3] + 2 * pad - kernel + 1,
            ]
            padding = [dnnl_dim_t(pad), dnnl_dim_t(pad)]
            target = try layout(outputShape, dnnl_format_tag_any)
        case .dense:
            kernelShape = [units] + shape[1...]
            padding = []
            target = try layout([shape[0], units], dnnl_nc)
        }
        source = try Self.source(units: units, context)
        weights = try layout(kernelShape, dnnl_format_tag_any)
        bias = try layout([units], dnnl_x)
    }

    /// The layout in which the input is read.
    ///
    /// The first layer may choose; the others take what they get. To learn, oneDNN chooses best
    /// itself; to predict from three channels its kernel for planes is twice as fast as the one it
    /// would choose, and serves whole registers of filters.
    private static func source(units: Int, _ context: StepContext) throws(KernelError)
        -> dnnl_memory_desc_t
    {
        guard context.isFirst else { return context.input.description }
        let planes = context.purpose == .inference && context.shape.count == 4 && units % 16 == 0
        return try layout(context.shape, planes ? dnnl_nchw : dnnl_format_tag_any)
    }

    /// A convolution by the algorithm asked for, or by the next best if oneDNN has it not for this
    /// shape on this processor.
    private func convolution(
        _ make: (dnnl_alg_kind_t) throws(KernelError) -> Primitive
    ) throws(KernelError) -> Primitive {
        guard transforms else { return try make(dnnl_convolution_direct) }
        do {
            return try make(dnnl_convolution_winograd)
        } catch .status(code: Int32(dnnl_unimplemented.rawValue), _) {
            return try make(dnnl_convolution_auto)
        }
    }

    func forward(_ context: StepContext) throws(KernelError) -> Primitive {
        let purpose = context.training ? dnnl_forward_training : dnnl_forward_inference
        var (source, weights, bias, target) = (source, weights, bias, target)
        switch kind {
        case .convolution:
            return try convolution { algorithm throws(KernelError) in
                var operation = dnnl_convolution_desc_t()
                try check(
                    dnnl_convolution_forward_desc_init(
                        &operation, purpose, algorithm, &source, &weights, &bias, &target,
                        stride, padding, padding
                    ).rawValue, "convolution_forward")
                return try Primitive(
                    operation, context.engine, rectified: rectified, call: "convolution_forward")
            }
        case .dense:
            var operation = dnnl_inner_product_desc_t()
            try check(
                dnnl_inner_product_forward_desc_init(
                    &operation, purpose, &source, &weights, &bias, &target
                ).rawValue, "inner_product_forward")
            return try Primitive(
                operation, context.engine, rectified: rectified, call: "inner_product_forward")
        }
    }

    func backwardWeights(_ context: StepContext, forward: Primitive) throws(KernelError)
        -> Primitive
    {
        var (source, weights, bias) = (source, weights, bias)
        var target = try forward.layout(dnnl_query_dst_md)
        switch kind {
        case .convolution:
            return try convolution { algorithm throws(KernelError) in
                var operation = dnnl_convolution_desc_t()
                try check(
                    dnnl_convolution_backward_weights_desc_init(
                        &operation, algorithm, &source, &weights, &bias, &target, stride,
                        padding, padding
                    ).rawValue, "convolution_backward_weights")
                return try Primitive(
                    operation, context.engine, forward: forward,
                    call: "convolution_backward_weights")
            }
        case .dense:
            var operation = dnnl_inner_product_desc_t()
            try check(
                dnnl_inner_product_backward_weights_desc_init(
                    &operation, &source, &weights, &bias, &target
                ).rawValue, "inner_product_backward_weights")
            return try Primitive(
                operation, context.engine, forward: forward, call: "inner_product_backward_weights")
        }
    }

    func backwardData(_ context: StepContext, forward: Primitive) throws(KernelError) -> Primitive {
        var (source, weights) = (source, weights)
        var target = try forward.layout(dnnl_query_dst_md)
        switch kind {
        case .convolution:
            return try convolution { algorithm throws(KernelError) in
                var operation = dnnl_convolution_desc_t()
                try check(
                    dnnl_convolution_backward_data_desc_init(
                        &operation, algorithm, &source, &weights, &target, stride, padding,
                        padding
                    ).rawValue, "convolution_backward_data")
                return try Primitive(
                    operation, context.engine, forward: forward, call: "convolution_backward_data")
            }
        case .dense:
            var operation = dnnl_inner_product_desc_t()
            try check(
                dnnl_inner_product_backward_data_desc_init(&operation, &source, &weights, &target)
                    .rawValue, "inner_product_backward_data")
            return try Primitive(
                operation, context.engine, forward: forward, call: "inner_product_backward_data")
        }
    }
}
