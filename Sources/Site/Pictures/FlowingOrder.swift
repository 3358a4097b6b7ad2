import AtlasModel

/// Sorts pictures so that they change gradually from one to the next.
enum FlowingOrder {
    /// Indices of `vectors` by rising projection on their first principal component. The direction
    /// of the component is chosen so that it points towards lighter pictures. Equal ones keep their
    /// order.
    ///
    /// The component is found by power iteration on the Gram matrix of the centred vectors, which
    /// is n × n instead of 2352 × 2352. Both matrices have the same leading eigenvalue, and the
    /// projections are the eigenvector of the Gram matrix up to a factor (I. T. Jolliffe,
    /// "Principal Component Analysis", 2nd ed., section 3.5). The cost is n² · 2352 once and n² a
    /// step.
    static func indices(_ vectors: [[UInt8]]) -> [Int] {
        guard vectors.count > 2, let length = vectors.first?.count else {
            return vectors.indices.sorted { lightness(vectors[$0]) < lightness(vectors[$1]) }
        }
        let projections = leadingEigenvector(of: gram(centred(vectors, length)))
        let light = vectors.map(lightness)
        let mean = light.reduce(0, +) / Double(light.count)
        let direction = zip(projections, light).reduce(0.0) { $0 + $1.0 * ($1.1 - mean) }
        let sign = direction < 0 ? -1.0 : 1.0
        return vectors.indices.sorted {
            (sign * projections[$0], $0) < (sign * projections[$1], $1)
        }
    }

    private static func lightness(_ vector: [UInt8]) -> Double {
        Double(vector.reduce(0) { $0 + Int($1) })
    }

    private static func centred(_ vectors: [[UInt8]], _ length: Int) -> [[Double]] {
        var means = [Double](repeating: 0, count: length)
        for vector in vectors {
            for position in 0..<length { means[position] += Double(vector[position]) }
        }
        for position in 0..<length { means[position] /= Double(vectors.count) }
        return vectors.map { vector in (0..<length).map { Double(vector[$0]) - means[$0] } }
    }

    /// Inner products of all rows, (n, n).
    private static func gram(_ rows: [[Double]]) -> [[Double]] {
        var products = rows.map { _ in [Double](repeating: 0, count: rows.count) }
        for i in rows.indices {
            for j in i..<rows.count {
                var sum = 0.0
                let left = rows[i]
                let right = rows[j]
                for position in left.indices { sum += left[position] * right[position] }
                products[i][j] = sum
                products[j][i] = sum
            }
        }
        return products
    }

    /// Power iteration, starting with the longest column, until a step makes no relevant change.
    private static func leadingEigenvector(of matrix: [[Double]]) -> [Double] {
        var vector =
            matrix.max { $0.reduce(0) { $0 + $1 * $1 } < $1.reduce(0) { $0 + $1 * $1 } }
            ?? []
        // A limit on the steps, because with two equal eigenvalues the iteration would not
        // converge. It is higher than any collection has needed.
        for _ in 0..<2_000 {
            let product = matrix.map { row in zip(row, vector).reduce(0.0) { $0 + $1.0 * $1.1 } }
            let length = product.reduce(0) { $0 + $1 * $1 }.squareRoot()
            // All pictures are equal, so any order is right.
            guard length > 0 else { return product }
            let next = product.map { $0 / length }
            let change = zip(next, vector).reduce(0.0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
            vector = next
            if change < 1e-20 { break }
        }
        return vector
    }
}
