internal import COneDNN

/// Threads inside oneDNN, which runs on OpenMP.
public enum KernelThreads {
    /// Sets how many threads oneDNN uses when called from this thread.
    ///
    /// Our own workers share out blocks and call with 1, so that no sum depends on the number of
    /// threads; training, which runs from one thread, calls with as many as it may use.
    public static func use(_ count: Int) {
        omp_set_num_threads(Int32(count))
    }
}

/// Products of matrices, row-major, on oneDNN.
public enum GEMM {
    /// Which side of a product is stored transposed.
    public enum Transposed: Sendable {
        /// `a` is `(k, m)`, `b` is `(k, n)`.
        case left
        /// `a` is `(m, k)`, `b` is `(n, k)`: products of rows with rows.
        case right
        /// `a` is `(m, k)`, `b` is `(k, n)`.
        case neither
    }

    /// `c = a · b` in single precision, `c` being `(m, n)`.
    /// - Parameters:
    ///   - strides: values from one row of `a` and of `b` to the next, when they are parts of wider
    ///     matrices; dense when `nil`.
    ///   - adds: whether the product is added to what `c` holds.
    public static func multiply(
        _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, into c: UnsafeMutablePointer<Float>,
        m: Int, n: Int, k: Int, transposed: Transposed = .right,
        strides: (a: Int, b: Int)? = nil, adds: Bool = false
    ) throws(KernelError) {
        let letter = (plain: UInt8(ascii: "N"), transposed: UInt8(ascii: "T"))
        let left = transposed == .left
        let right = transposed == .right
        try check(
            dnnl_sgemm(
                CChar(left ? letter.transposed : letter.plain),
                CChar(right ? letter.transposed : letter.plain), dnnl_dim_t(m), dnnl_dim_t(n),
                dnnl_dim_t(k), 1, a, dnnl_dim_t(strides?.a ?? (left ? m : k)), b,
                dnnl_dim_t(strides?.b ?? (right ? k : n)), adds ? 1 : 0, c, dnnl_dim_t(n)
            ).rawValue, "sgemm")
    }

    /// Sums of rows of bytes by group: `sums[position, group] = Σ rows[row, position]` over the rows
    /// whose membership in the group is 1; exact on every processor, because no more than one or two
    /// bytes meet in a 16-bit sum.
    /// - Parameters:
    ///   - rows: `(count, length) uint8`.
    ///   - memberships: `(count, groups) int8` of zeros and ones.
    ///   - sums: `(length, groups) int32`, added to; below 2³¹ for 8 million rows.
    public static func addSums(
        of rows: UnsafePointer<UInt8>, memberships: UnsafePointer<Int8>,
        to sums: UnsafeMutablePointer<Int32>, count: Int, length: Int, groups: Int
    ) throws(KernelError) {
        var zero: Int32 = 0
        try check(
            dnnl_gemm_u8s8s32(
                CChar(UInt8(ascii: "T")), CChar(UInt8(ascii: "N")), CChar(UInt8(ascii: "F")),
                dnnl_dim_t(length), dnnl_dim_t(groups), dnnl_dim_t(count), 1, rows,
                dnnl_dim_t(length), 0, memberships, dnnl_dim_t(groups), 0, 1, sums,
                dnnl_dim_t(groups), &zero
            ).rawValue, "gemm_u8s8s32")
    }
}

/// Rows of bytes, less 128, prepared as the right side of exact products.
///
/// With VNNI or AMX, oneDNN multiplies unsigned by signed bytes into 32-bit sums exactly. Without,
/// its 16-bit intermediate sums saturate, so there the bytes of both sides, less 128, are multiplied
/// in single precision in runs of at most 1,024: products of at most 2¹⁴ then add up to at most 2²⁴,
/// which a float holds.
public struct ByteRows: Sendable {
    public let rows: Int
    public let length: Int
    /// `y − 128`, row-major.
    let shifted: [Int8]

    /// - Parameter bytes: row-major, `rows * length` of them; `length` at most 32,768, so that a
    ///   product of rows fits 31 bits.
    public init(_ bytes: [UInt8], length: Int) {
        precondition(length > 0 && length <= 32_768 && bytes.count % length == 0)
        self.length = length
        rows = bytes.count / length
        shifted = bytes.map { Int8(bitPattern: $0 &- 128) }
    }

    /// Whether this processor multiplies bytes exactly.
    public static var hardwareIsExact: Bool {
        let isa = dnnl_get_effective_cpu_isa().rawValue
        // Instruction sets are bit masks that contain what they build on (dnnl_types.h); the AVX2
        // kernel of this routine saturates even where AVX2 has VNNI.
        let vnni = dnnl_cpu_isa_avx512_core_vnni.rawValue
        return isa & vnni == vnni
    }

    /// Exact products `Σ x (y − 128)` of other rows x with these rows y.
    /// - Parameters:
    ///   - left: `(count, length) uint8`.
    ///   - target: `(count, rows) int32`, row-major, out.
    ///   - scratch: room for the path without VNNI; grows as needed.
    public func products(
        with left: UnsafePointer<UInt8>, count: Int, into target: UnsafeMutablePointer<Int32>,
        scratch: inout [Float], exactHardware: Bool = ByteRows.hardwareIsExact
    ) throws(KernelError) {
        if exactHardware {
            try integerProducts(left, count, into: target)
        } else {
            try floatProducts(left, count, into: target, &scratch)
        }
    }

    private func integerProducts(
        _ left: UnsafePointer<UInt8>, _ count: Int, into target: UnsafeMutablePointer<Int32>
    ) throws(KernelError) {
        let (m, n, k) = (dnnl_dim_t(count), dnnl_dim_t(rows), dnnl_dim_t(length))
        var zero: Int32 = 0
        let status = shifted.withUnsafeBufferPointer { right in
            dnnl_gemm_u8s8s32(
                CChar(UInt8(ascii: "N")), CChar(UInt8(ascii: "T")), CChar(UInt8(ascii: "F")), m, n,
                k, 1, left, k, 0, right.baseAddress!, k, 0, 0, target, n, &zero)
        }
        try check(status.rawValue, "gemm_u8s8s32")
    }

    /// Values that a run of single-precision products may hold and stay exact.
    private static let run = 1024

    private func floatProducts(
        _ left: UnsafePointer<UInt8>, _ m: Int, into target: UnsafeMutablePointer<Int32>,
        _ scratch: inout [Float]
    ) throws(KernelError) {
        let n = rows
        let needed = (m + n) * Self.run + m * n
        if scratch.count < needed { scratch = [Float](repeating: 0, count: needed) }
        correct(left, m, into: target)
        var failure: KernelError?
        scratch.withUnsafeMutableBufferPointer { scratch in
            let a = scratch.baseAddress!
            let b = a + m * Self.run
            let c = b + n * Self.run
            for start in stride(from: 0, to: length, by: Self.run) {
                let k = min(Self.run, length - start)
                for row in 0..<m {
                    let (source, line) = (left + row * length + start, a + row * k)
                    for i in 0..<k { line[i] = Float(Int32(source[i]) &- 128) }
                }
                shifted.withUnsafeBufferPointer { shifted in
                    for row in 0..<n {
                        let source = shifted.baseAddress! + row * length + start
                        let line = b + row * k
                        for i in 0..<k { line[i] = Float(source[i]) }
                    }
                }
                do throws(KernelError) {
                    try GEMM.multiply(a, b, into: c, m: m, n: n, k: k)
                } catch {
                    failure = error
                }
                for i in 0..<m * n { target[i] &+= Int32(c[i]) }
            }
        }
        if let failure { throw failure }
    }

    /// What products of x less 128 lack: Σ x(y − 128) = Σ (x − 128)(y − 128) + 128 Σ (y − 128).
    private func correct(
        _ left: UnsafePointer<UInt8>, _ m: Int, into target: UnsafeMutablePointer<Int32>
    ) {
        shifted.withUnsafeBufferPointer { shifted in
            for column in 0..<rows {
                var sum: Int32 = 0
                for i in column * length..<(column + 1) * length { sum &+= Int32(shifted[i]) }
                target[column] = sum &* 128
            }
        }
        for row in 1..<max(1, m) {
            (target + row * rows).update(from: target, count: rows)
        }
    }
}
