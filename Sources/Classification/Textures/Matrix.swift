/// A row-major matrix in double precision. oneDNN multiplies in single precision only, which is too
/// little for the kernels of pictures that are much alike.
///
/// Every sum has one order, which depends on the sizes alone.
struct Matrix: Sendable, Equatable {
    let rows: Int
    let columns: Int
    /// `rows * columns` of them.
    var values: [Double]

    init(rows: Int, columns: Int, values: [Double]? = nil) {
        precondition(values.map { $0.count == rows * columns } ?? true, "a value for each place")
        self.rows = rows
        self.columns = columns
        self.values = values ?? [Double](repeating: 0, count: rows * columns)
    }

    subscript(row: Int, column: Int) -> Double {
        get { values[row * columns + column] }
        set { values[row * columns + column] = newValue }
    }

    func row(_ row: Int) -> ArraySlice<Double> {
        values[row * columns..<(row + 1) * columns]
    }

    /// The rows at `indices`, in that order.
    func selecting(_ indices: [Int]) -> Matrix {
        Matrix(rows: indices.count, columns: columns, values: indices.flatMap { row($0) })
    }

    var transposed: Matrix {
        var result = Matrix(rows: columns, columns: rows)
        for row in 0..<rows {
            for column in 0..<columns { result[column, row] = self[row, column] }
        }
        return result
    }

    /// Columns of the left factor that are multiplied at a time, so that a tile of the right factor
    /// stays in the fastest cache.
    private static let panel = 64

    /// Adds `left · right` times `factor`.
    /// - Parameter isLower: computes only what is on the diagonal and below it; the rest is undefined.
    mutating func add(
        _ left: Matrix, times right: Matrix, factor: Double = 1, isLower: Bool = false
    ) {
        precondition(
            left.columns == right.rows && rows == left.rows && columns == right.columns,
            "the shapes fit")
        let (inner, width) = (left.columns, columns)
        values.withUnsafeMutableBufferPointer { target in
            left.values.withUnsafeBufferPointer { left in
                right.values.withUnsafeBufferPointer { right in
                    guard let target = target.baseAddress, let left = left.baseAddress,
                        let right = right.baseAddress
                    else { return }
                    for start in stride(from: 0, to: inner, by: Self.panel) {
                        Tiles(
                            left: left + start, leftStride: inner, right: right + start * width,
                            rightStride: width, depth: min(Self.panel, inner - start),
                            factor: factor, isLower: isLower
                        ).add(to: target, rows: rows, columns: width, stride: width)
                    }
                }
            }
        }
    }

    /// `self · right`.
    func times(_ right: Matrix) -> Matrix {
        var product = Matrix(rows: rows, columns: right.columns)
        product.add(self, times: right)
        return product
    }
}

/// A product of two parts of matrices, computed in tiles of 4 × 4.
struct Tiles {
    let left: UnsafePointer<Double>
    /// Values from one row to the next.
    let leftStride: Int
    let right: UnsafePointer<Double>
    let rightStride: Int
    /// Columns of `left` and rows of `right`.
    let depth: Int
    let factor: Double
    let isLower: Bool

    func add(
        to target: UnsafeMutablePointer<Double>, rows: Int, columns: Int, stride width: Int
    ) {
        for column in stride(from: 0, to: columns, by: 4) {
            let first = isLower ? column / 4 * 4 : 0
            for row in stride(from: first, to: rows, by: 4) {
                if row + 4 <= rows, column + 4 <= columns {
                    addTile(to: target + row * width + column, width, row, column)
                } else {
                    for row in row..<min(rows, row + 4) {
                        for column in column..<min(columns, column + 4) {
                            var sum = 0.0
                            for k in 0..<depth {
                                sum += left[row * leftStride + k] * right[k * rightStride + column]
                            }
                            target[row * width + column] += factor * sum
                        }
                    }
                }
            }
        }
    }

    private func addTile(
        to target: UnsafeMutablePointer<Double>, _ width: Int, _ row: Int, _ column: Int
    ) {
        var (a, b, c, d) = (
            SIMD4<Double>.zero, SIMD4<Double>.zero, SIMD4<Double>.zero, SIMD4<Double>.zero
        )
        let rows = left + row * leftStride
        var source = right + column
        for k in 0..<depth {
            let values = SIMD4(source[0], source[1], source[2], source[3])
            a += rows[k] * values
            b += rows[leftStride + k] * values
            c += rows[2 * leftStride + k] * values
            d += rows[3 * leftStride + k] * values
            source += rightStride
        }
        for (place, sums) in [a, b, c, d].enumerated() {
            for lane in 0..<4 { target[place * width + lane] += factor * sums[lane] }
        }
    }
}
