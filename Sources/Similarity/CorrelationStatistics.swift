import AtlasModel

/// What correlation needs to know of each vector, beside the products: exact whole numbers.
///
/// Pearson's r = (nΣxy − ΣxΣy) / √((nΣx² − (Σx)²)(nΣy² − (Σy)²)), with n = 2352 values a vector.
struct CorrelationStatistics: Sendable {
    /// Σx.
    let sums: [Double]
    /// nΣx² − (Σx)²; 0 for a constant image.
    let spreads: [Double]
    /// 1 / √spread, 0 for a constant image; for quick comparisons only.
    let inverses: [Double]

    static let length = Double(ModelVectors.length)

    /// - Parameter bytes: vectors one behind the other.
    init(_ bytes: [UInt8]) {
        let count = bytes.count / ModelVectors.length
        var sums = [Double](repeating: 0, count: count)
        var spreads = sums
        bytes.withUnsafeBufferPointer { bytes in
            for index in 0..<count {
                var sum = 0
                var squares = 0
                for position in index * ModelVectors.length..<(index + 1) * ModelVectors.length {
                    let value = Int(bytes[position])
                    sum += value
                    squares += value * value
                }
                // At most 2352² · 255², which a Double holds exactly.
                sums[index] = Double(sum)
                spreads[index] = Double(ModelVectors.length * squares - sum * sum)
            }
        }
        self.sums = sums
        self.spreads = spreads
        inverses = spreads.map { $0 > 0 ? 1 / $0.squareRoot() : 0 }
    }

    /// Correlation distance of vector `i` of `self` and `j` of `other` from their product Σxy: 0
    /// exactly for equal vectors, 1 when either is constant.
    func distance(_ i: Int, _ other: CorrelationStatistics, _ j: Int, product: Int32) -> Double {
        guard spreads[i] > 0, other.spreads[j] > 0 else { return 1 }
        let covariance = Self.length * Double(product) - sums[i] * other.sums[j]
        let distance = 1 - covariance / (spreads[i] * other.spreads[j]).squareRoot()
        return min(2, max(0, distance))
    }
}
