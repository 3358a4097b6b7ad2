import AtlasModel
import Kernels
import RandomNumbers

/// Turns patches into codes of 32 bytes whose products bound the correlation of the patches.
///
/// Let p be a patch less its mean, of length 1, and Q some orthonormal directions. For two patches
/// p·p' = Qp·Qp' + (p − QᵀQp)·(p' − QᵀQp') ≤ Qp·Qp' + ‖p − QᵀQp‖ ‖p' − QᵀQp'‖. So with the length of
/// what is left as one more coordinate, the product of two codes is at least the correlation. This
/// holds for any directions; good ones only make the bound sharper.
struct PatchEncoder: Sendable {
    /// `(dimensions, 588)`, orthonormal up to rounding.
    private let directions: [Float]
    private var dimensions: Int { directions.count / SameGround.patchLength }

    /// Bytes of a code.
    static let length = 32
    /// A coordinate of 1 as a byte is 128 + `scale`; larger ones are cut, which counts as rounding.
    static let scale: Float = 127
    /// The product of two equal codes of length 1.
    static let unit = scale * scale
    /// Patches that the directions are computed from.
    private static let sample = 8_192
    private static let steps = 4

    /// Bound on the rounding errors of computed coordinates: ‖computed − Qp‖ ≤ γ(588 + 2) √31, with γ
    /// as in N. J. Higham, "Accuracy and Stability of Numerical Algorithms", 2nd edition, 2002,
    /// section 3.1; twice that, for the rounding of Q.
    private static let coordinateError: Float = 4e-4
    /// Bound on the error of a product of two computed codes that is not due to their bytes.
    static let productError: Float = 3 * coordinateError

    /// - Parameter vectors: the directions are computed from their central patches.
    init(_ vectors: ModelVectors) throws {
        let length = SameGround.patchLength
        let step = max(1, vectors.count / Self.sample)
        let centres = Patches(
            of: vectors,
            stride(from: 0, to: vectors.count, by: step).map { .init(picture: $0, shift: .none) })
        var rows: [Float] = []
        for place in 0..<centres.count where centres.spreads[place] > 0 {
            let scale = 1 / centres.norm(place)
            rows += centres.values[place * length..<(place + 1) * length].map { $0 * scale }
        }
        var random = SplitMix64(seed: 0)
        let start = (0..<min(Self.length - 1, rows.count / length) * length).map { _ -> Float in
            random.next() & 1 == 0 ? 1 : -1
        }
        directions =
            rows.isEmpty
            ? [1] + [Float](repeating: 0, count: length - 1)
            : try Subspace.directions(
                of: rows, length: length, startingAt: start, steps: Self.steps)
    }

    /// Codes of patches.
    /// - Parameter patches: an even patch, which has no correlation, gets the code of nothing.
    func codes(of patches: Patches) throws -> PatchCodes {
        let count = patches.count
        var coordinates = [Float](repeating: 0, count: count * dimensions)
        try GEMM.multiply(
            patches.values, directions, into: &coordinates,
            .init(m: count, n: dimensions, k: SameGround.patchLength))
        var codes = [UInt8](repeating: 128, count: count * Self.length)
        var errors = [Float](repeating: 0, count: count)
        for place in 0..<count where patches.spreads[place] > 0 {
            let scale = 1 / patches.norm(place)
            var (square, error): (Float, Float) = (0, 0)
            func put(_ coordinate: Float, at position: Int) {
                let step = max(-127, min(127, (coordinate * Self.scale).rounded()))
                codes[place * Self.length + position] = UInt8(128 + step)
                let lost = coordinate - step / Self.scale
                error += lost * lost
            }
            for i in 0..<dimensions {
                let coordinate = coordinates[place * dimensions + i] * scale
                square += coordinate * coordinate
                put(coordinate, at: i)
            }
            put(max(0, 1 - square + 3 * Self.coordinateError).squareRoot(), at: Self.length - 1)
            errors[place] = error.squareRoot()
        }
        return PatchCodes(bytes: codes, errors: errors)
    }
}

/// Codes of patches.
struct PatchCodes: Sendable {
    /// `(count, 32)`: coordinates times `PatchEncoder.scale`, plus 128.
    let bytes: [UInt8]
    /// For each code the length of what the rounding to bytes lost.
    let errors: [Float]
}
