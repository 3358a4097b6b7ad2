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
    /// `c = a · bᵀ` in single precision.
    /// - Parameters:
    ///   - a: `(m, k)`, in.
    ///   - b: `(n, k)`, in.
    ///   - c: `(m, n)`, out.
    public static func multiply(
        _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, into c: UnsafeMutablePointer<Float>,
        m: Int, n: Int, k: Int
    ) throws(KernelError) {
        try check(
            dnnl_sgemm(
                CChar(UInt8(ascii: "N")), CChar(UInt8(ascii: "T")), dnnl_dim_t(m), dnnl_dim_t(n),
                dnnl_dim_t(k), 1, a, dnnl_dim_t(k), b, dnnl_dim_t(k), 0, c, dnnl_dim_t(n)
            ).rawValue, "sgemm")
    }
}

/// Bytes prepared for exact products Σxy of rows, `(rows, length) uint8`.
///
/// With VNNI or AMX, oneDNN multiplies unsigned by signed bytes into 32-bit sums exactly: the right
/// side is shifted by 128 and corrected by the left side's row sums. Without, its 16-bit
/// intermediate sums saturate, so there the bytes, less 128, are multiplied in single precision in
/// runs of at most 1,024: products of at most 2¹⁴ then add up to at most 2²⁴, which a float holds.
public struct ByteRows: Sendable {
    public let rows: Int
    public let length: Int
    let bytes: [UInt8]
    /// The right side: `x − 128` as signed bytes.
    let shifted: [Int8]
    /// Σx of each row.
    public let sums: [Int32]

    /// - Parameter bytes: row-major, `rows * length` of them; `length` at most 32,768, so that a
    ///   product of rows fits 31 bits.
    public init(_ bytes: [UInt8], length: Int) {
        precondition(length > 0 && length <= 32_768 && bytes.count % length == 0)
        self.bytes = bytes
        self.length = length
        rows = bytes.count / length
        shifted = bytes.map { Int8(bitPattern: $0 &- 128) }
        var sums: [Int32] = []
        sums.reserveCapacity(rows)
        for row in 0..<rows {
            sums.append(bytes[row * length..<(row + 1) * length].reduce(0) { $0 + Int32($1) })
        }
        self.sums = sums
    }

    /// Whether this processor multiplies bytes exactly.
    public static var hardwareIsExact: Bool {
        let isa = dnnl_get_effective_cpu_isa().rawValue
        // Instruction sets are bit masks that contain what they build on (dnnl_types.h); the AVX2
        // kernel of this routine saturates even where AVX2 has VNNI.
        let vnni = dnnl_cpu_isa_avx512_core_vnni.rawValue
        return isa & vnni == vnni
    }

    /// Exact products of `left` rows with `right` rows of `other`.
    /// - Parameters:
    ///   - target: `(left.count, right.count) int32`, row-major, out.
    ///   - scratch: room for the path without VNNI; grows as needed.
    public func products(
        _ left: Range<Int>, with other: ByteRows, _ right: Range<Int>,
        into target: UnsafeMutablePointer<Int32>, scratch: inout [Float],
        exactHardware: Bool = ByteRows.hardwareIsExact
    ) throws(KernelError) {
        precondition(length == other.length)
        if exactHardware {
            try integerProducts(left, with: other, right, into: target)
        } else {
            try floatProducts(left, with: other, right, into: target, &scratch)
        }
    }

    private func integerProducts(
        _ left: Range<Int>, with other: ByteRows, _ right: Range<Int>,
        into target: UnsafeMutablePointer<Int32>
    ) throws(KernelError) {
        let (m, n, k) = (dnnl_dim_t(left.count), dnnl_dim_t(right.count), dnnl_dim_t(length))
        var zero: Int32 = 0
        let status = bytes.withUnsafeBufferPointer { a in
            other.shifted.withUnsafeBufferPointer { b in
                dnnl_gemm_u8s8s32(
                    CChar(UInt8(ascii: "N")), CChar(UInt8(ascii: "T")), CChar(UInt8(ascii: "F")), m,
                    n, k, 1, a.baseAddress! + left.lowerBound * length, k, 0,
                    b.baseAddress! + right.lowerBound * length, k, 0, 0, target, n, &zero)
            }
        }
        try check(status.rawValue, "gemm_u8s8s32")
        for row in 0..<left.count {
            // Σx(y − 128) = Σxy − 128 Σx.
            let correction = sums[left.lowerBound + row] * 128
            let line = target + row * right.count
            for column in 0..<right.count { line[column] &+= correction }
        }
    }

    /// Values that a run of single-precision products may hold and stay exact.
    private static let run = 1024

    private func floatProducts(
        _ left: Range<Int>, with other: ByteRows, _ right: Range<Int>,
        into target: UnsafeMutablePointer<Int32>, _ scratch: inout [Float]
    ) throws(KernelError) {
        let (m, n) = (left.count, right.count)
        let needed = (m + n) * Self.run + m * n
        if scratch.count < needed { scratch = [Float](repeating: 0, count: needed) }
        target.update(repeating: 0, count: m * n)
        var failure: KernelError?
        scratch.withUnsafeMutableBufferPointer { scratch in
            let a = scratch.baseAddress!
            let b = a + m * Self.run
            let c = b + n * Self.run
            for start in stride(from: 0, to: length, by: Self.run) {
                let k = min(Self.run, length - start)
                centre(left, from: start, count: k, into: a)
                other.centre(right, from: start, count: k, into: b)
                do throws(KernelError) {
                    try GEMM.multiply(a, b, into: c, m: m, n: n, k: k)
                } catch {
                    failure = error
                }
                for i in 0..<m * n { target[i] &+= Int32(c[i]) }
            }
        }
        if let failure { throw failure }
        for row in 0..<m {
            // Σ(x − 128)(y − 128) = Σxy − 128 Σx − 128 Σy + 128² · length.
            let own = sums[left.lowerBound + row] * 128 - Int32(length * 128 * 128)
            let line = target + row * n
            for column in 0..<n {
                line[column] &+= own &+ other.sums[right.lowerBound + column] * 128
            }
        }
    }

    private func centre(
        _ rows: Range<Int>, from start: Int, count: Int, into target: UnsafeMutablePointer<Float>
    ) {
        shifted.withUnsafeBufferPointer { shifted in
            for (place, row) in rows.enumerated() {
                let source = shifted.baseAddress! + row * length + start
                let line = target + place * count
                for i in 0..<count { line[i] = Float(source[i]) }
            }
        }
    }
}
