/// Symmetric matrices of a few rows, by rows.
enum SmallMatrix {
    /// The inverse of a symmetric positive definite matrix by Gauss-Jordan elimination with pivots;
    /// `nil` when it is singular to working precision.
    static func inverse(_ matrix: [[Double]]) -> [[Double]]? {
        let n = matrix.count
        let scale = matrix.joined().map(\.magnitude).max() ?? 0
        var rows = matrix.indices.map { row in
            matrix[row] + (0..<n).map { $0 == row ? 1 : 0 }
        }
        for column in 0..<n {
            guard
                let pivot = (column..<n).max(by: {
                    rows[$0][column].magnitude < rows[$1][column].magnitude
                }), rows[pivot][column].magnitude > 1e-13 * scale
            else { return nil }
            rows.swapAt(column, pivot)
            let factor = rows[column][column]
            rows[column] = rows[column].map { $0 / factor }
            for row in 0..<n where row != column {
                let factor = rows[row][column]
                rows[row] = zip(rows[row], rows[column]).map { $0 - factor * $1 }
            }
        }
        return rows.map { Array($0[n...]) }
    }

    static func product(_ matrix: [[Double]], _ vector: [Double]) -> [Double] {
        matrix.map { row in zip(row, vector).reduce(0) { $0 + $1.0 * $1.1 } }
    }

    static func product(_ left: [[Double]], _ right: [[Double]]) -> [[Double]] {
        left.map { row in
            right[0].indices.map { column in
                row.indices.reduce(0) { $0 + row[$1] * right[$1][column] }
            }
        }
    }

    /// Adds `weight` · `vector` · `vector`ᵀ.
    static func add(_ vector: [Double], weight: Double, to matrix: inout [[Double]]) {
        for row in vector.indices {
            for column in vector.indices {
                matrix[row][column] += weight * vector[row] * vector[column]
            }
        }
    }

    static func zero(_ n: Int) -> [[Double]] {
        Array(repeating: Array(repeating: 0, count: n), count: n)
    }
}
