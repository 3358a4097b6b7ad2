internal import COneDNN

/// A function of each value by itself.
package enum Elementwise: Sendable, Equatable {
    /// x if it is positive, else `slope` · x.
    case rectifier(slope: Float)
    /// The nearest value between two bounds.
    case clipped(from: Float, to: Float)
    /// x if it is positive, else α (eˣ − 1).
    case exponentialUnit(alpha: Float)
    /// `scale` · x + `shift`.
    case linear(scale: Float, shift: Float)
    /// x · Φ(x) with the distribution function Φ of the normal distribution (D. Hendrycks and K. Gimpel,
    /// 2016).
    case gaussianUnit
    /// x · sigmoid(x).
    case swish
    /// x · (x / 6 + ½), the second factor between 0 and 1.
    case hardSwish
    /// x · tanh(log(1 + eˣ)).
    case mish
    case sigmoid
    case tanh
    case exponential
    /// log(1 + eˣ).
    case softplus

    /// The function in oneDNN with its parameters α and β.
    fileprivate var operation: (kind: dnnl_alg_kind_t, alpha: Float, beta: Float) {
        switch self {
        case .rectifier(let slope): (dnnl_eltwise_relu, slope, 0)
        case .clipped(let lowest, let highest): (dnnl_eltwise_clip, lowest, highest)
        case .exponentialUnit(let alpha): (dnnl_eltwise_elu, alpha, 0)
        case .linear(let scale, let shift): (dnnl_eltwise_linear, scale, shift)
        case .gaussianUnit: (dnnl_eltwise_gelu_erf, 0, 0)
        case .swish: (dnnl_eltwise_swish, 1, 0)
        case .hardSwish: (dnnl_eltwise_hardswish, 0, 0)
        case .mish: (dnnl_eltwise_mish, 0, 0)
        case .sigmoid: (dnnl_eltwise_logistic, 0, 0)
        case .tanh: (dnnl_eltwise_tanh, 0, 0)
        case .exponential: (dnnl_eltwise_exp, 0, 0)
        case .softplus: (dnnl_eltwise_soft_relu, 0, 0)
        }
    }
}

/// A function of each value, for prediction only.
final class ElementwiseStep: Step {
    let output: Tensor
    let outputGradient: Tensor? = nil
    private let pass: Primitive

    init(_ function: Elementwise, _ context: StepContext) throws(KernelError) {
        let (kind, alpha, beta) = function.operation
        var data = context.input.description
        var operation = dnnl_eltwise_desc_t()
        try check(
            dnnl_eltwise_forward_desc_init(
                &operation, dnnl_forward_inference, kind, &data, alpha, beta
            ).rawValue, "eltwise_forward")
        pass = try Primitive(operation, context.engine, call: "eltwise_forward")
        output = try context.tensor(data)
        try pass.bind([(DNNL_ARG_SRC, context.input), (DNNL_ARG_DST, output)])
    }

    func forward() throws(KernelError) { try pass.run() }
    func backward() {}
}

/// A rectifier with a slope for negative values that was trained (K. He et al., "Delving deep into
/// rectifiers", ICCV 2015), for prediction only.
final class ParametricRectifierStep: Step {
    let output: Tensor
    let outputGradient: Tensor? = nil
    private let pass: Primitive

    /// - Parameters:
    ///   - offset: of the slopes in the store, `(height, width, channels)` or `(units)`.
    ///   - shape: their shape; a side of 1 stands for equal slopes along that side.
    init(offset: Int, shape: [Int], _ context: StepContext) throws(KernelError) {
        var dims = [1, shape.last ?? 1]
        if shape.count == 3 { dims += shape.prefix(2) }
        let slopes = try context.values(offset, dims, dims.count == 4 ? dnnl_nhwc : dnnl_nc)
        var data = context.input.description
        var wanted = try layout(dims, dnnl_format_tag_any)
        var operation = dnnl_prelu_desc_t()
        try check(
            dnnl_prelu_forward_desc_init(&operation, dnnl_forward_inference, &data, &wanted)
                .rawValue, "prelu_forward")
        pass = try Primitive(operation, context.engine, call: "prelu_forward")
        let weights = try Adapted(
            from: slopes, to: pass.layout(dnnl_query_weights_md), context.engine)
        try weights.copy?.run()
        output = try context.tensor(data)
        try pass.bind([
            (DNNL_ARG_SRC, context.input), (DNNL_ARG_WEIGHTS, weights.tensor),
            (DNNL_ARG_DST, output),
        ])
    }

    func forward() throws(KernelError) { try pass.run() }
    func backward() {}
}
