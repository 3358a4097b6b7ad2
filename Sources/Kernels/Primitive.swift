internal import COneDNN

/// An operation of oneDNN with its memory, which can be run repeatedly.
final class Primitive {
    private let engine: Engine
    private let plan: dnnl_primitive_desc_t
    private var primitive: dnnl_primitive_t?
    private var arguments: [dnnl_exec_arg_t] = []
    /// Keeps the arguments' memory alive.
    private var tensors: [Tensor] = []

    /// - Parameters:
    ///   - operation: one of oneDNN's operation descriptors.
    ///   - forward: the forward operation, which a backward one needs.
    ///   - rectified: whether negative results become zero.
    ///   - call: oneDNN's name of the operation, for errors.
    init<Operation>(
        _ operation: Operation, _ engine: Engine, forward: Primitive? = nil,
        rectified: Bool = false, call: String
    ) throws(KernelError) {
        self.engine = engine
        var plan: dnnl_primitive_desc_t?
        var operation = operation
        let status = withUnsafePointer(to: &operation) {
            dnnl_primitive_desc_create(
                &plan, UnsafeRawPointer($0), rectified ? engine.rectifying : engine.attributes,
                engine.engine, forward?.plan)
        }
        try check(status.rawValue, call)
        guard let plan else { throw .status(code: 1, call: call) }
        self.plan = plan
        try check(dnnl_primitive_create(&primitive, plan).rawValue, call)
    }

    /// A copy from one layout to another.
    init(reordering source: Tensor, to target: Tensor, _ engine: Engine) throws(KernelError) {
        self.engine = engine
        var plan: dnnl_primitive_desc_t?
        var (from, to) = (source.description, target.description)
        try check(
            dnnl_reorder_primitive_desc_create(
                &plan, &from, engine.engine, &to, engine.engine, engine.attributes
            ).rawValue, "reorder")
        guard let plan else { throw .status(code: 1, call: "reorder") }
        self.plan = plan
        try check(dnnl_primitive_create(&primitive, plan).rawValue, "reorder")
        try bind([(DNNL_ARG_FROM, source), (DNNL_ARG_TO, target)])
    }

    deinit {
        dnnl_primitive_destroy(primitive)
        dnnl_primitive_desc_destroy(plan)
    }

    /// The layout that oneDNN chose for an argument.
    func layout(_ query: dnnl_query_t, _ index: Int32 = 0) throws(KernelError) -> dnnl_memory_desc_t
    {
        guard let description = dnnl_primitive_desc_query_md(plan, query, index) else {
            throw .status(code: 3, call: "primitive_desc_query_md")
        }
        return description.pointee
    }

    /// Sets the arguments of every run.
    func bind(_ arguments: [(name: Int32, tensor: Tensor)]) throws(KernelError) {
        var all = arguments
        let scratch = try layout(dnnl_query_scratchpad_md)
        var kept: [Tensor] = []
        if scratch.ndims > 0 {
            let block = try engine.scratch(scratch)
            all.append((DNNL_ARG_SCRATCHPAD, try Tensor(scratch, engine, shared: block.bytes)))
            kept = [block]
        }
        tensors = all.map(\.tensor) + kept
        self.arguments = all.map { dnnl_exec_arg_t(arg: $0.name, memory: $0.tensor.memory) }
    }

    func run() throws(KernelError) {
        try check(
            dnnl_primitive_execute(
                primitive, engine.stream, Int32(arguments.count), arguments
            ).rawValue, "primitive_execute")
    }
}
