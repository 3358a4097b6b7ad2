internal import COneDNN

/// A layer of a graph, for batches of one size.
protocol Step: AnyObject {
    var output: Tensor { get }
    /// Gradient of the loss by the output, which the next layer writes; `nil` without training.
    var outputGradient: Tensor? { get }
    func forward() throws(KernelError)
    /// Writes the gradients of its parameters, and of its input into `outputGradient` of the layer
    /// before.
    func backward() throws(KernelError)
}

/// The context in which a layer is added to a graph.
struct StepContext {
    let engine: Engine
    let store: ParameterStore
    let purpose: GraphPurpose
    let method: ConvolutionMethod
    /// Output of the layer before.
    let input: Tensor
    /// Gradient by that output; `nil` for the first layer and without training.
    let inputGradient: Tensor?
    /// Whether the input is the pictures, possibly with a border.
    let isFirst: Bool
    /// Shape of the input, `[batch, channels, height, width]` or `[batch, units]`.
    let shape: [Int]

    var training: Bool { purpose == .training }

    func tensor(_ description: dnnl_memory_desc_t) throws(KernelError) -> Tensor {
        try Tensor(description, engine)
    }

    func gradient(like output: Tensor) throws(KernelError) -> Tensor? {
        training ? try Tensor(output.description, engine) : nil
    }

    /// A view of trainable values in Keras' layout.
    func values(_ offset: Int, _ dims: [Int], _ tag: dnnl_format_tag_t) throws(KernelError)
        -> Tensor
    {
        try Tensor(
            layout(dims, tag), engine, shared: UnsafeMutableRawPointer(store.values + offset))
    }

    /// A view of trainable values in a given layout.
    func values(_ offset: Int, _ description: dnnl_memory_desc_t) throws(KernelError) -> Tensor {
        try Tensor(description, engine, shared: UnsafeMutableRawPointer(store.values + offset))
    }

    /// A view of their gradients in a given layout.
    func gradients(_ offset: Int, _ description: dnnl_memory_desc_t) throws(KernelError) -> Tensor {
        try Tensor(description, engine, shared: UnsafeMutableRawPointer(store.gradients + offset))
    }

    /// A view of their gradients.
    func gradients(_ offset: Int, _ dims: [Int], _ tag: dnnl_format_tag_t) throws(KernelError)
        -> Tensor
    {
        try Tensor(
            layout(dims, tag), engine, shared: UnsafeMutableRawPointer(store.gradients + offset))
    }
}

/// A tensor in the layout that an operation needs, and the copy between layouts, if one is needed.
struct Adapted {
    let tensor: Tensor
    let copy: Primitive?

    /// An input: `source` is copied into the wanted layout before the operation.
    init(from source: Tensor, to wanted: dnnl_memory_desc_t, _ engine: Engine) throws(KernelError) {
        if isEqual(source.description, wanted) {
            tensor = source
            copy = nil
        } else {
            tensor = try Tensor(wanted, engine)
            copy = try Primitive(reordering: source, to: tensor, engine)
        }
    }

    /// An output: the result in the given layout is copied into `target` after the operation.
    init(into target: Tensor, from given: dnnl_memory_desc_t, _ engine: Engine) throws(KernelError)
    {
        if isEqual(target.description, given) {
            tensor = target
            copy = nil
        } else {
            tensor = try Tensor(given, engine)
            copy = try Primitive(reordering: tensor, to: target, engine)
        }
    }
}
