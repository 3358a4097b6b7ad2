internal import COneDNN

/// oneDNN's CPU engine and an in-order stream; one for each graph of layers.
final class Engine {
    let engine: dnnl_engine_t
    let stream: dnnl_stream_t
    let attributes: dnnl_primitive_attr_t
    /// The same attributes with a rectifier at the end of the operation.
    let rectifying: dnnl_primitive_attr_t
    /// Scratch memory of the primitives, which run one after the other.
    private var scratch: Tensor?

    init() throws(KernelError) {
        var engine: dnnl_engine_t?
        try check(dnnl_engine_create(&engine, dnnl_cpu, 0).rawValue, "engine_create")
        var stream: dnnl_stream_t?
        try check(
            dnnl_stream_create(&stream, engine, dnnl_stream_default_flags.rawValue).rawValue,
            "stream_create")
        guard let engine, let stream else { throw .status(code: 1, call: "engine_create") }
        self.engine = engine
        self.stream = stream
        attributes = try Self.attributes(rectifying: false)
        rectifying = try Self.attributes(rectifying: true)
    }

    private static func attributes(rectifying: Bool) throws(KernelError) -> dnnl_primitive_attr_t {
        var attributes: dnnl_primitive_attr_t?
        try check(dnnl_primitive_attr_create(&attributes).rawValue, "primitive_attr_create")
        guard let attributes else { throw .status(code: 1, call: "primitive_attr_create") }
        // The library's default scratchpad belongs to the thread that made a primitive, but our
        // graphs are used from several threads, one after the other.
        try check(
            dnnl_primitive_attr_set_scratchpad_mode(attributes, dnnl_scratchpad_mode_user).rawValue,
            "set_scratchpad_mode")
        guard rectifying else { return attributes }
        var operations: dnnl_post_ops_t?
        try check(dnnl_post_ops_create(&operations).rawValue, "post_ops_create")
        defer { dnnl_post_ops_destroy(operations) }
        try check(
            dnnl_post_ops_append_eltwise(operations, 1, dnnl_eltwise_relu, 0, 0).rawValue,
            "post_ops_append_eltwise")
        try check(
            dnnl_primitive_attr_set_post_ops(attributes, operations).rawValue, "set_post_ops")
        return attributes
    }

    /// A block of scratch memory of at least the wanted size, to be kept alive by the caller; the
    /// same one for all primitives that need no more.
    func scratch(_ wanted: dnnl_memory_desc_t) throws(KernelError) -> Tensor {
        var wanted = wanted
        if let scratch, scratch.byteCount >= dnnl_memory_desc_get_size(&wanted) { return scratch }
        let block = try Tensor(wanted, self)
        scratch = block
        return block
    }

    deinit {
        dnnl_primitive_attr_destroy(attributes)
        dnnl_primitive_attr_destroy(rectifying)
        dnnl_stream_destroy(stream)
        dnnl_engine_destroy(engine)
    }
}

/// A block of memory with oneDNN's description of its layout.
final class Tensor {
    let description: dnnl_memory_desc_t
    let memory: dnnl_memory_t
    let bytes: UnsafeMutableRawPointer
    private let owned: Bool

    /// Values in the block, padding of blocked layouts included.
    var count: Int { byteCount / MemoryLayout<Float>.size }
    let byteCount: Int

    /// - Parameter shared: memory that the caller owns and keeps alive; `nil` to allocate a block.
    init(
        _ description: dnnl_memory_desc_t, _ engine: Engine, shared: UnsafeMutableRawPointer? = nil
    )
        throws(KernelError)
    {
        var copy = description
        let size = dnnl_memory_desc_get_size(&copy)
        // A cache line, which is also the widest register.
        let bytes = shared ?? .allocate(byteCount: max(64, size), alignment: 64)
        if shared == nil {
            bytes.initializeMemory(as: UInt8.self, repeating: 0, count: max(64, size))
        }
        var memory: dnnl_memory_t?
        let status = dnnl_memory_create(&memory, &copy, engine.engine, bytes)
        guard status == dnnl_success, let memory else {
            if shared == nil { bytes.deallocate() }
            throw .status(code: Int32(status.rawValue), call: "memory_create")
        }
        self.description = description
        self.memory = memory
        self.bytes = bytes
        byteCount = size
        owned = shared == nil
    }

    deinit {
        dnnl_memory_destroy(memory)
        if owned { bytes.deallocate() }
    }

    var floats: UnsafeMutablePointer<Float> {
        bytes.assumingMemoryBound(to: Float.self)
    }
}

/// A layout of single-precision values; `tag` `dnnl_format_tag_any` lets oneDNN choose.
func layout(_ dims: [Int], _ tag: dnnl_format_tag_t) throws(KernelError) -> dnnl_memory_desc_t {
    var description = dnnl_memory_desc_t()
    let sides = dims.map { dnnl_dim_t($0) }
    try check(
        dnnl_memory_desc_init_by_tag(&description, Int32(dims.count), sides, dnnl_f32, tag)
            .rawValue,
        "memory_desc_init_by_tag")
    return description
}

/// A layout of single-precision values with the distance in memory of neighbours along each side.
func layout(_ dims: [Int], strides: [Int]) throws(KernelError) -> dnnl_memory_desc_t {
    var description = dnnl_memory_desc_t()
    let sides = dims.map { dnnl_dim_t($0) }
    let distances = strides.map { dnnl_dim_t($0) }
    try check(
        dnnl_memory_desc_init_by_strides(
            &description, Int32(dims.count), sides, dnnl_f32, distances
        ).rawValue, "memory_desc_init_by_strides")
    return description
}

func isEqual(_ left: dnnl_memory_desc_t, _ right: dnnl_memory_desc_t) -> Bool {
    var (left, right) = (left, right)
    return dnnl_memory_desc_equal(&left, &right) != 0
}
