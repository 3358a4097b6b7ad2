import AtlasModel
import Kernels

/// Finds the patches of pictures that may correlate with one of a few central patches, without looking
/// at each of their pixels.
///
/// The bound is that of `CodeEncoder` with other directions: the twelve that are constant on a quarter of
/// the patch in one colour, and 0 elsewhere. Sums over boxes give the coordinates of 16 patches at once
/// (`PatchQuarters`). For few centres that takes much less time than the codes of all patches, and so few
/// pairs are left that each is compared exactly.
struct PatchScreen: Sendable {
    /// `(count, 13)`: the coordinates of the central patches.
    private let centres: [Float]
    private let count: Int

    /// Each centre is multiplied with all patches, while codes cost the same for any number. Measured with 100.
    static let mostCentres = 128

    private typealias Lanes = PatchQuarters.Lanes
    /// Pictures whose products are computed at once. With the most centres, these are half a MB.
    private static let pictures = 4
    /// More than the rounding errors of a product: the sum of 13 terms that are at most 1 together.
    private static let slack: Float = 1e-4
    private static let least = Float(SameGround.patchCorrelation) - slack

    /// - Parameter pictures: those of the central patches; at least one.
    init(_ vectors: ModelVectors, _ pictures: [Int]) {
        var quarters = PatchQuarters(pictures: 1)
        let column = PatchQuarters.column(of: .none, at: 0)
        var centres: [Float] = []
        for picture in pictures {
            quarters.fill(0, with: picture, of: vectors)
            for row in 0..<PatchQuarters.rows {
                centres.append(quarters.coordinates[row * quarters.width + column])
            }
        }
        (self.centres, count) = (centres, pictures.count)
    }

    /// Calls `body` with every patch of some pictures and every centre that may correlate by
    /// `SameGround.patchCorrelation`.
    /// - Throws: `KernelError`.
    func forEachCandidate(
        of range: Range<Int>, in vectors: ModelVectors,
        _ body: (_ patch: PatchLevel, _ centre: Int) -> Void
    ) throws {
        var quarters = PatchQuarters(pictures: min(Self.pictures, range.count))
        var products = [Float](repeating: 0, count: count * quarters.width)
        for first in stride(from: range.lowerBound, to: range.upperBound, by: Self.pictures) {
            let some = first..<min(range.upperBound, first + Self.pictures)
            for picture in some { quarters.fill(picture - first, with: picture, of: vectors) }
            try GEMM.multiply(
                centres, quarters.coordinates, into: &products,
                .init(m: count, n: quarters.width, k: PatchQuarters.rows, transposed: .neither))
            products.withUnsafeBytes { products in
                for centre in 0..<count {
                    Self.forEachPassing(
                        products, centre * quarters.width, some.count * PatchQuarters.columns
                    ) { column in
                        body(quarters.level(of: column, first: first), centre)
                    }
                }
            }
        }
    }

    /// Calls `body` with each index of some numbers that are large enough.
    @inline(__always)
    private static func forEachPassing(
        _ products: UnsafeRawBufferPointer, _ start: Int, _ width: Int, _ body: (Int) -> Void
    ) {
        let bar = Lanes(repeating: least)
        for column in stride(from: 0, to: width, by: Lanes.scalarCount) {
            let passing =
                products.loadUnaligned(fromByteOffset: 4 * (start + column), as: Lanes.self)
                .>= bar
            guard any(passing) else { continue }
            for lane in 0..<Lanes.scalarCount where passing[lane] { body(column + lane) }
        }
    }
}
