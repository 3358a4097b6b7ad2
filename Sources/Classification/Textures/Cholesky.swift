/// The factor L of a symmetric positive definite matrix A = L Lᵀ, with zeros above its diagonal.
struct Cholesky: Sendable {
    private(set) var lower: Matrix

    /// Columns that are factored at a time.
    private static let block = 64

    /// - Parameter matrix: symmetric; only what is on the diagonal and below it is read.
    /// - Returns: `nil` if it is not positive definite to working precision.
    init?(_ matrix: Matrix) {
        precondition(matrix.rows == matrix.columns, "a symmetric matrix is square")
        lower = matrix
        let size = matrix.rows
        for start in stride(from: 0, to: size, by: Self.block) {
            let end = min(size, start + Self.block)
            guard factorColumns(start..<end) else { return nil }
            if end < size { subtractProducts(of: start..<end) }
        }
        for row in 0..<size {
            for column in row + 1..<max(size, row + 1) { lower[row, column] = 0 }
        }
    }

    /// Factors some columns, from the diagonal down.
    /// - Returns: false if the matrix is not positive definite.
    private mutating func factorColumns(_ columns: Range<Int>) -> Bool {
        let size = lower.rows
        return lower.values.withUnsafeMutableBufferPointer { values in
            for row in columns.lowerBound..<size {
                for column in columns.lowerBound..<min(columns.upperBound, row + 1) {
                    var sum = values[row * size + column]
                    for k in columns.lowerBound..<column {
                        sum -= values[row * size + k] * values[column * size + k]
                    }
                    if row == column {
                        guard sum > 0 else { return false }
                        values[row * size + row] = sum.squareRoot()
                    } else {
                        values[row * size + column] = sum / values[column * size + column]
                    }
                }
            }
            return true
        }
    }

    /// Subtracts what the factored columns explain from all that follows.
    private mutating func subtractProducts(of columns: Range<Int>) {
        let size = lower.rows
        let (first, rows, depth) = (columns.upperBound, size - columns.upperBound, columns.count)
        var panel = Matrix(rows: rows, columns: depth)
        for row in 0..<rows {
            for column in 0..<depth {
                panel[row, column] = lower[first + row, columns.lowerBound + column]
            }
        }
        let flipped = panel.transposed
        lower.values.withUnsafeMutableBufferPointer { target in
            panel.values.withUnsafeBufferPointer { left in
                flipped.values.withUnsafeBufferPointer { right in
                    guard let target = target.baseAddress, let left = left.baseAddress,
                        let right = right.baseAddress
                    else { return }
                    Tiles(
                        left: left, leftStride: depth, right: right, rightStride: rows,
                        depth: depth, factor: -1, isLower: true
                    ).add(
                        to: target + first * size + first, rows: rows, columns: rows, stride: size)
                }
            }
        }
    }

    /// The rows y of L y = r for each row r: forward substitution.
    func solvingLower(_ right: Matrix) -> Matrix {
        var result = right
        let size = lower.rows
        lower.values.withUnsafeBufferPointer { lower in
            result.values.withUnsafeMutableBufferPointer { values in
                for row in 0..<right.rows {
                    for place in 0..<size {
                        let sum = Self.dot(
                            lower, place * size, values, row * size, count: place)
                        values[row * size + place] =
                            (values[row * size + place] - sum) / lower[place * size + place]
                    }
                }
            }
        }
        return result
    }

    /// The rows y of Lᵀ y = r for each row r: backward substitution.
    func solvingUpper(_ right: Matrix) -> Matrix {
        var result = right
        let size = lower.rows
        for row in 0..<right.rows {
            for place in (0..<size).reversed() {
                let value = result[row, place] / lower[place, place]
                result[row, place] = value
                for other in 0..<place { result[row, other] -= value * lower[place, other] }
            }
        }
        return result
    }

    /// The rows x of A x = r for each row r.
    func solving(_ right: Matrix) -> Matrix { solvingUpper(solvingLower(right)) }

    /// The sum of products, in four interleaved sums.
    private static func dot(
        _ left: UnsafeBufferPointer<Double>, _ leftStart: Int,
        _ right: UnsafeMutableBufferPointer<Double>, _ rightStart: Int, count: Int
    ) -> Double {
        var sums = SIMD4<Double>.zero
        let whole = count / 4 * 4
        for k in stride(from: 0, to: whole, by: 4) {
            let (a, b) = (leftStart + k, rightStart + k)
            let ours = SIMD4<Double>(left[a], left[a + 1], left[a + 2], left[a + 3])
            let others = SIMD4<Double>(right[b], right[b + 1], right[b + 2], right[b + 3])
            sums += ours * others
        }
        var sum = sums.sum()
        for k in whole..<count { sum += left[leftStart + k] * right[rightStart + k] }
        return sum
    }
}
