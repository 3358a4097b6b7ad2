/// A few orthonormal directions that contain most of many rows.
package enum Subspace {
    /// The leading right singular vectors of a matrix, about, as orthonormal rows.
    ///
    /// By subspace iteration (G. Golub and C. Van Loan, "Matrix Computations", 4th edition, 2013,
    /// section 8.2.4).
    /// - Parameters:
    ///   - rows: the matrix, `(count, length)`, with at least one row.
    ///   - start: directions to begin with, `(wanted, length)`: random ones, or those of a similar
    ///     matrix.
    ///   - steps: number of iterations.
    /// - Returns: `(found, length)` with 1 ≤ found ≤ wanted: fewer than wanted if the rows span fewer
    ///   dimensions. The rows are orthonormal up to their rounding to single precision.
    /// - Throws: `KernelError`.
    package static func directions(
        of rows: [Float], length: Int, startingAt start: [Float], steps: Int
    ) throws(KernelError) -> [Float] {
        precondition(!rows.isEmpty && !start.isEmpty, "a matrix, and directions to begin with")
        precondition(rows.count % length == 0 && start.count % length == 0, "whole rows")
        let count = rows.count / length
        var directions = start
        for _ in 0..<steps {
            let dimensions = directions.count / length
            var weights = [Float](repeating: 0, count: count * dimensions)
            try GEMM.multiply(
                rows, directions, into: &weights, .init(m: count, n: dimensions, k: length))
            try GEMM.multiply(
                weights, rows, into: &directions,
                .init(m: dimensions, n: length, k: count, transposed: .left))
            directions = orthonormal(directions, length: length)
        }
        return directions
    }

    /// A row is dropped if less than this share of its squared length is left after the projections
    /// on earlier rows are subtracted: the rest, 10⁻⁶ of the length, is hardly more than the rounding
    /// of rows to single precision. Dropping a row affects only the speed.
    private static let leastRemainder = 1e-12

    /// The rows made orthonormal by the method of Gram and Schmidt, applied twice ("twice is enough",
    /// W. Kahan; see B. Parlett, "The Symmetric Eigenvalue Problem", 1998, section 6.9).
    private static func orthonormal(_ rows: [Float], length: Int) -> [Float] {
        var basis: [[Double]] = []
        for start in stride(from: 0, to: rows.count, by: length) {
            var row = rows[start..<start + length].map(Double.init)
            let before = dot(row, row)
            for _ in 0..<2 {
                for other in basis {
                    let part = dot(row, other)
                    for i in 0..<length { row[i] -= part * other[i] }
                }
            }
            let square = dot(row, row)
            guard square > leastRemainder * before, square > 0 else { continue }
            let scale = 1 / square.squareRoot()
            basis.append(row.map { $0 * scale })
        }
        if basis.isEmpty { basis = [[1] + [Double](repeating: 0, count: length - 1)] }
        return basis.flatMap { $0.map(Float.init) }
    }

    private static func dot(_ left: [Double], _ right: [Double]) -> Double {
        var sum = 0.0
        for i in left.indices { sum += left[i] * right[i] }
        return sum
    }
}
