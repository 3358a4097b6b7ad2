import AtlasModel

/// The sums over each vector that a correlation needs besides the products. They are exact
/// integers.
///
/// Pearson's r = (nΣxy − ΣxΣy) / √((nΣx² − (Σx)²)(nΣy² − (Σy)²)), with n = 2352 values in a vector.
/// It does not change when 128 is subtracted from every y, as in the products of `ByteRows`: nΣxy −
/// ΣxΣy = nΣx(y − 128) − ΣxΣ(y − 128).
struct CorrelationStatistics: Sendable {
    /// Σx.
    let sums: [Double]
    /// nΣx² − (Σx)²; 0 for a constant image.
    let spreads: [Double]
    /// √spread in single precision, for the screening.
    let roots: [Float]

    static let length = Double(ModelVectors.length)
    /// Σ 128 over a vector.
    static let shift = 128 * length

    /// - Parameter bytes: `(count, 2352)`.
    init(_ bytes: [UInt8]) {
        let count = bytes.count / ModelVectors.length
        var sums = [Double](repeating: 0, count: count)
        var spreads = sums
        bytes.withUnsafeBufferPointer { bytes in
            guard let base = bytes.baseAddress else { return }
            for index in 0..<count {
                let vector = base + index * ModelVectors.length
                // At most 2352 · 255², which 32 bits hold.
                var sum: Int32 = 0
                var squares: Int32 = 0
                for position in 0..<ModelVectors.length {
                    let value = Int32(vector[position])
                    sum &+= value
                    squares &+= value &* value
                }
                // At most 2352² · 255², which a Double holds exactly.
                sums[index] = Double(sum)
                spreads[index] = Double(ModelVectors.length * Int(squares) - Int(sum) * Int(sum))
            }
        }
        self.sums = sums
        self.spreads = spreads
        roots = spreads.map { Float($0.squareRoot()) }
    }

    /// Correlation distance 1 − r of vector `i` of `self` and vector `j` of `other`, from 0 to 2, given
    /// their product Σx(y − 128): exactly 0 for equal vectors, 1 if either is constant.
    func distance(_ i: Int, _ other: CorrelationStatistics, _ j: Int, product: Int32) -> Double {
        guard spreads[i] > 0, other.spreads[j] > 0 else { return 1 }
        let covariance = Self.length * Double(product) - sums[i] * (other.sums[j] - Self.shift)
        let distance = 1 - covariance / (spreads[i] * other.spreads[j]).squareRoot()
        return min(2, max(0, distance))
    }
}
