internal import COneDNN

/// Flattens each picture row by row with channels last, as Keras does, from any input layout.
final class FlatteningStep: Step {
    let output: Tensor
    /// `nil`: the step is for prediction only.
    let outputGradient: Tensor? = nil
    private let copy: Primitive?

    init(_ context: StepContext) throws(KernelError) {
        let flat = try layout(context.shape, context.shape.count == 4 ? dnnl_nhwc : dnnl_nc)
        let adapted = try Adapted(from: context.input, to: flat, context.engine)
        output = adapted.tensor
        copy = adapted.copy
    }

    func forward() throws(KernelError) { try copy?.run() }
    func backward() throws(KernelError) {}
}
