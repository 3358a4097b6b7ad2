internal import COneDNN

/// Threads inside oneDNN, which runs on OpenMP.
package enum KernelThreads {
    /// Sets how many threads oneDNN uses when called from this thread.
    ///
    /// Every worker of the program calls this with 1 before it uses oneDNN: the program shares the
    /// work between its own threads, so that no sum depends on their number.
    package static func use(_ count: Int) {
        omp_set_num_threads(Int32(count))
    }
}

/// Products of row-major matrices, computed by oneDNN.
package enum GEMM {
    /// Which factor of a product is stored transposed.
    package enum Transposed: Sendable {
        /// `a` is `(k, m)`, `b` is `(k, n)`.
        case left
        /// `a` is `(m, k)`, `b` is `(n, k)`: products of rows with rows.
        case right
        /// `a` is `(m, k)`, `b` is `(k, n)`.
        case neither
    }

    /// The sizes of a product `c = a · b` and how its factors are stored.
    package struct Shape: Sendable {
        /// Rows of `c`, columns of `c`, and products in each sum.
        let (m, n, k): (Int, Int, Int)
        let transposed: Transposed
        /// Values from one row of a factor to the next.
        let strides: (a: Int, b: Int)

        /// - Parameters:
        ///   - m: rows of `c`.
        ///   - n: columns of `c`.
        ///   - k: products in each sum.
        ///   - strides: values from one row of `a` and of `b` to the next, when they are parts of
        ///     wider matrices; `nil` when the rows follow each other directly.
        package init(
            m: Int, n: Int, k: Int, transposed: Transposed = .right,
            strides: (a: Int, b: Int)? = nil
        ) {
            (self.m, self.n, self.k) = (m, n, k)
            self.transposed = transposed
            switch transposed {
            case .left: self.strides = strides ?? (m, n)
            case .right: self.strides = strides ?? (k, k)
            case .neither: self.strides = strides ?? (k, n)
            }
        }
    }

    /// `c = a · b` in single precision, `c` being `(m, n)`.
    ///
    ///     var c: [Float] = [0]
    ///     try GEMM.multiply([1, 2], [3, 4], into: &c, .init(m: 1, n: 1, k: 2))  // c == [11]
    ///
    /// The order of each sum is oneDNN's and depends on the processor and the shape, not on threads
    /// after `KernelThreads.use(1)`.
    /// - Parameter adds: adds the product to the values of `c` instead of replacing them.
    /// - Throws: `KernelError`.
    package static func multiply(
        _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, into c: UnsafeMutablePointer<Float>,
        _ shape: Shape, adds: Bool = false
    ) throws(KernelError) {
        let (plain, flipped) = (CChar(UInt8(ascii: "N")), CChar(UInt8(ascii: "T")))
        try check(
            dnnl_sgemm(
                shape.transposed == .left ? flipped : plain,
                shape.transposed == .right ? flipped : plain, dnnl_dim_t(shape.m),
                dnnl_dim_t(shape.n), dnnl_dim_t(shape.k), 1, a, dnnl_dim_t(shape.strides.a), b,
                dnnl_dim_t(shape.strides.b), adds ? 1 : 0, c, dnnl_dim_t(shape.n)
            ).rawValue, "sgemm")
    }

    /// Adds up rows of bytes by group: `sums[position, group] += Σ rows[row, position]` over the rows
    /// whose membership in the group is 1.
    ///
    /// Two rows `[1, 2]` and `[3, 4]`, the first in group 0 and the second in group 1, add
    /// `[[1, 3], [2, 4]]`. Exact on every processor: without VNNI, products of neighbouring rows meet
    /// in sums of 16 bits, and two bytes are at most 510.
    /// - Parameters:
    ///   - rows: `(count, length) uint8`.
    ///   - memberships: `(count, groups) int8` of zeros and ones, with `count` and `groups` above 0.
    ///   - count: number of rows.
    ///   - sums: `(length, groups) int32`, in and out; they fit 31 bits for up to 8 million rows.
    /// - Throws: `KernelError`.
    package static func addSums(
        of rows: UnsafePointer<UInt8>, memberships: [Int8], count: Int, to sums: inout [Int32]
    ) throws(KernelError) {
        precondition(count > 0 && memberships.count % count == 0, "a membership for each row")
        let groups = memberships.count / count
        precondition(groups > 0 && sums.count % groups == 0, "a sum for each group")
        let length = sums.count / groups
        var zero: Int32 = 0
        try check(
            dnnl_gemm_u8s8s32(
                CChar(UInt8(ascii: "T")), CChar(UInt8(ascii: "N")), CChar(UInt8(ascii: "F")),
                dnnl_dim_t(length), dnnl_dim_t(groups), dnnl_dim_t(count), 1, rows,
                dnnl_dim_t(length), 0, memberships, dnnl_dim_t(groups), 0, 1, &sums,
                dnnl_dim_t(groups), &zero
            ).rawValue, "gemm_u8s8s32")
    }
}

/// Rows of bytes, less 128, prepared as the right side of exact products.
///
/// With VNNI or AMX, oneDNN multiplies unsigned by signed bytes into 32-bit sums exactly. Without
/// these, its 16-bit intermediate sums saturate. Then the bytes of both sides, less 128, are
/// multiplied in single precision in runs of at most 1,024: products of at most 2¹⁴ add up to at most
/// 2²⁴, and a float holds every whole number up to that exactly.
package struct ByteRows: Sendable {
    package let rows: Int
    package let length: Int
    /// `y − 128`, row-major.
    let shifted: [Int8]

    /// - Parameter bytes: row-major, `rows * length` of them; `length` at most 32,768, so that a
    ///   product of rows fits 31 bits.
    package init(_ bytes: [UInt8], length: Int) {
        precondition(length > 0 && length <= 32_768 && bytes.count % length == 0)
        self.length = length
        rows = bytes.count / length
        shifted = bytes.map { Int8(bitPattern: $0 &- 128) }
    }

    /// Whether this processor multiplies bytes exactly.
    package static var hardwareIsExact: Bool {
        let isa = dnnl_get_effective_cpu_isa().rawValue
        // An instruction set is a bit mask that contains the sets it extends (dnnl_types.h). The
        // AVX2 kernel of this routine saturates even if the processor has VNNI for AVX2.
        let vnni = dnnl_cpu_isa_avx512_core_vnni.rawValue
        return isa & vnni == vnni
    }

    /// Exact products `Σ x (y − 128)` of other rows x with these rows y.
    ///
    /// For x = (1, 2) and y = (129, 130): 1 · 1 + 2 · 2 = 5.
    /// - Parameters:
    ///   - left: `(count, length) uint8`.
    ///   - target: `(count, rows) int32`, row-major, out.
    ///   - scratch: memory for the path without VNNI; grows as needed and can be used again.
    /// - Throws: `KernelError`.
    package func products(
        with left: UnsafePointer<UInt8>, count: Int, into target: UnsafeMutablePointer<Int32>,
        scratch: inout [Float], exactHardware: Bool = ByteRows.hardwareIsExact
    ) throws(KernelError) {
        if exactHardware {
            try integerProducts(left, count, into: target)
        } else {
            try floatProducts(left, count, into: target, &scratch)
        }
    }

    /// The same for some of the rows of an array.
    /// - Parameters:
    ///   - bytes: `(any, length) uint8`.
    ///   - range: the rows to multiply.
    ///   - target: at least `(range.count, rows) int32`, row-major, out.
    /// - Throws: `KernelError`.
    package func products(
        with bytes: [UInt8], _ range: Range<Int>, into target: inout [Int32],
        scratch: inout [Float]
    ) throws(KernelError) {
        precondition(range.upperBound * length <= bytes.count, "rows of the array")
        precondition(range.count * rows <= target.count, "a place for each product")
        guard !range.isEmpty, rows > 0 else { return }
        var failure: KernelError?
        bytes.withUnsafeBufferPointer { bytes in
            target.withUnsafeMutableBufferPointer { target in
                guard let left = bytes.baseAddress, let target = target.baseAddress else { return }
                do throws(KernelError) {
                    try products(
                        with: left + range.lowerBound * length, count: range.count, into: target,
                        scratch: &scratch)
                } catch {
                    failure = error
                }
            }
        }
        if let failure { throw failure }
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
                    try GEMM.multiply(a, b, into: c, .init(m: m, n: n, k: k))
                } catch {
                    failure = error
                }
                for i in 0..<m * n { target[i] &+= Int32(c[i]) }
            }
        }
        if let failure { throw failure }
    }

    /// Sets the part that products of x − 128 leave out, 128 Σ (y − 128), because
    /// Σ x(y − 128) = Σ (x − 128)(y − 128) + 128 Σ (y − 128).
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
