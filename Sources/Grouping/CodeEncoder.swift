import Kernels
import RandomNumbers

/// Turns rows of bytes into codes of 32 bytes whose products bound the correlation of the rows.
///
/// Let p be a row less its mean, of length 1, and Q some orthonormal directions. For two rows
/// p·p' = Qp·Qp' + (p − QᵀQp)·(p' − QᵀQp') ≤ Qp·Qp' + ‖p − QᵀQp‖ ‖p' − QᵀQp'‖. So with the length of
/// what is left as one more coordinate, the product of two codes is at least the correlation. This
/// holds for any directions; good ones only make the bound sharper.
struct CodeEncoder: Sendable {
    /// `(dimensions, length)`, orthonormal up to rounding.
    private let directions: [Float]
    /// Bytes of a row.
    private let length: Int
    private var dimensions: Int { directions.count / length }

    /// Bytes of a code.
    static let length = 32
    /// A coordinate of 1 as a byte is 128 + `scale`.
    static let scale: Float = 127
    /// The product of two equal codes of length 1.
    static let unit = scale * scale
    private static let steps = 4

    /// Bound on the rounding errors of computed coordinates: ‖computed − Qp‖ ≤ γ(n + 2) √31 for rows of n
    /// bytes, with γ as in N. J. Higham, "Accuracy and Stability of Numerical Algorithms", 2nd edition,
    /// 2002, section 3.1; twice that, for the rounding of Q.
    private var coordinateError: Float { 2 * Float(length + 2) * 0x1p-24 * Float(31).squareRoot() }
    /// Bound on the error of a product of two computed codes that is not due to their bytes.
    var productError: Float { 3 * coordinateError }

    /// - Parameter rows: the directions are their principal components.
    init(_ rows: CentredRows) throws {
        length = rows.length
        var units: [Float] = []
        units.reserveCapacity(rows.values.count)
        for row in 0..<rows.count where rows.spreads[row] > 0 {
            let scale = 1 / rows.norm(row)
            units += rows.values[row * length..<(row + 1) * length].map { $0 * scale }
        }
        var random = SplitMix64(seed: 0)
        let start = (0..<min(Self.length - 1, units.count / length) * length).map { _ -> Float in
            random.next() & 1 == 0 ? 1 : -1
        }
        directions =
            units.isEmpty
            ? [1] + [Float](repeating: 0, count: length - 1)
            : try Subspace.directions(
                of: units, length: length, startingAt: start, steps: Self.steps)
    }

    /// Codes of rows. An even row, which has no correlation, gets the code of nothing.
    func codes(of rows: CentredRows) throws -> Codes {
        let count = rows.count
        var coordinates = [Float](repeating: 0, count: count * dimensions)
        try GEMM.multiply(
            rows.values, directions, into: &coordinates,
            .init(m: count, n: dimensions, k: length))
        var codes = [UInt8](repeating: 128, count: count * Self.length)
        var errors = [Float](repeating: 0, count: count)
        for row in 0..<count where rows.spreads[row] > 0 {
            let scale = 1 / rows.norm(row)
            var (square, error): (Float, Float) = (0, 0)
            func put(_ coordinate: Float, at position: Int) {
                let step = max(-127, min(127, (coordinate * Self.scale).rounded()))
                codes[row * Self.length + position] = UInt8(128 + step)
                let lost = coordinate - step / Self.scale
                error += lost * lost
            }
            for i in 0..<dimensions {
                let coordinate = coordinates[row * dimensions + i] * scale
                square += coordinate * coordinate
                put(coordinate, at: i)
            }
            put(max(0, 1 - square + 3 * coordinateError).squareRoot(), at: Self.length - 1)
            errors[row] = error.squareRoot()
        }
        return Codes(bytes: codes, errors: errors)
    }
}

/// Codes of rows.
struct Codes: Sendable {
    /// `(count, 32)`: coordinates times `CodeEncoder.scale`, plus 128.
    let bytes: [UInt8]
    /// For each code the length of what the rounding to bytes lost.
    let errors: [Float]

    /// For each code what its rounding can take from a product with a code of a `CodeBlock`.
    var slacks: [Int32] {
        errors.map { error in
            Int32((CodeEncoder.unit * error * (1 + CodeBlock.largestError)).rounded(.up))
        }
    }
}
