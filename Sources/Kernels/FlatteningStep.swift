internal import COneDNN

/// Flattens each picture row by row with channels last, as Keras does, from any input layout.
final class FlatteningStep: Step {
    let output: Tensor
    /// `nil`: the step is for prediction only.
    let outputGradient: Tensor? = nil
    /// The pictures in the order of the output, which shares their memory.
    private let ordered: Adapted

    init(_ context: StepContext) throws(KernelError) {
        let flat = try layout(context.shape, context.shape.count == 4 ? dnnl_nhwc : dnnl_nc)
        ordered = try Adapted(from: context.input, to: flat, context.engine)
        output = try Tensor(
            layout([context.shape[0], context.shape[1...].reduce(1, *)], dnnl_nc), context.engine,
            shared: ordered.tensor.bytes)
    }

    func forward() throws(KernelError) { try ordered.copy?.run() }
    func backward() throws(KernelError) {}
}
