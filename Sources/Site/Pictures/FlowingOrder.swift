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
        guard vectors.count > 2 else {
            return vectors.indices.sorted { lightness(vectors[$0]) < lightness(vectors[$1]) }
        }
        let projections = leadingEigenvector(of: gram(vectors))
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

    /// Inner products of all centred vectors, (n, n).
    ///
    /// With the products x·y of the bytes, which are exact in integers, that of two centred vectors is
    /// x·y − (x·s + y·s) / n + s·s / n², where s is the sum of all n vectors.
    private static func gram(_ vectors: [[UInt8]]) -> [[Double]] {
        var products = vectors.map { _ in [Int](repeating: 0, count: vectors.count) }
        for i in vectors.indices {
            for j in i..<vectors.count {
                let product = product(vectors[i], vectors[j])
                products[i][j] = product
                products[j][i] = product
            }
        }
        let count = Double(vectors.count)
        let withSum = products.map { Double($0.reduce(0, +)) / count }
        let ofSum = withSum.reduce(0, +) / count
        return products.enumerated().map { i, row in
            row.enumerated().map { j, product in
                Double(product) - withSum[i] - withSum[j] + ofSum
            }
        }
    }

    /// The inner product of two vectors of bytes.
    private static func product(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var total = 0
        left.withUnsafeBufferPointer { left in
            right.withUnsafeBufferPointer { right in
                // 65 793 products of two bytes fit into 32 bits, which the processor adds faster.
                for start in stride(from: 0, to: left.count, by: 65_536) {
                    var sum: UInt32 = 0
                    for i in start..<min(left.count, start + 65_536) {
                        sum &+= UInt32(left[i]) &* UInt32(right[i])
                    }
                    total += Int(sum)
                }
            }
        }
        return total
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
