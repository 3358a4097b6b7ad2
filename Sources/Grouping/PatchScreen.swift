import AtlasModel
import Kernels

/// Finds the patches of pictures that may correlate with one of a few central patches, without looking
/// at each of their pixels.
///
/// The bound is that of `CodeEncoder` with other directions: the twelve that are constant on a quarter of
/// the patch in one colour, and 0 elsewhere. Sums over boxes give the coordinates of 16 patches at once
/// (`PatchQuarters`). For few centres that takes much less time than the codes of all patches, and so few
/// pairs are left that each is compared exactly. Centres that are too dark or too light for every patch of a
/// picture are not multiplied with it.
struct PatchScreen: Sendable {
    /// `(count, 13)`: the coordinates of the central patches.
    private let centres: [Float]
    /// Sum of the bytes of each central patch, rising.
    private let sums: [Float]

    /// Each centre is multiplied with all patches, while codes cost the same for any number. Measured with 100.
    static let mostCentres = 128

    private typealias Lanes = PatchQuarters.Lanes
    /// Pictures whose products are computed at once. With the most centres, these are half a MB.
    private static let pictures = 4
    /// More than the rounding errors of a product: the sum of 13 terms that are at most 1 together.
    private static let slack: Float = 1e-4
    private static let least = Float(SameGround.patchCorrelation) - slack

    /// - Parameter pictures: those of the central patches, by rising sum of its bytes; at least one.
    init(_ vectors: ModelVectors, _ pictures: [Int]) {
        var quarters = PatchQuarters(pictures: 1)
        let column = PatchQuarters.column(of: .none, at: 0)
        var (centres, sums): ([Float], [Float]) = ([], [])
        for picture in pictures {
            quarters.fill(0, with: picture, of: vectors)
            for row in 0..<PatchQuarters.rows {
                centres.append(quarters.coordinates[row * quarters.width + column])
            }
            sums.append(quarters.sums[column])
        }
        (self.centres, self.sums) = (centres, sums)
    }

    /// The centres of which some patch differs by at most `SameGround.patchSum`.
    /// - Parameter patches: their least and largest sum.
    private func centres(near patches: ClosedRange<Float>) -> Range<Int> {
        let reach = Float(SameGround.patchSum)
        let first = sums.firstIndex { $0 >= patches.lowerBound - reach } ?? sums.count
        let end = sums[first...].firstIndex { $0 > patches.upperBound + reach } ?? sums.count
        return first..<end
    }

    /// Calls `body` with every patch of some pictures and every centre that may correlate by
    /// `SameGround.patchCorrelation`, and whose sums of bytes are near enough.
    /// - Throws: `KernelError`.
    func forEachCandidate(
        of pictures: ArraySlice<Int>, in vectors: ModelVectors,
        _ body: (_ patch: PatchLevel, _ centre: Int) -> Void
    ) throws {
        var quarters = PatchQuarters(pictures: min(Self.pictures, pictures.count))
        var products = [Float](repeating: 0, count: sums.count * quarters.width)
        for first in stride(from: pictures.startIndex, to: pictures.endIndex, by: Self.pictures) {
            let some = Array(pictures[first..<min(pictures.endIndex, first + Self.pictures)])
            for (place, picture) in some.enumerated() {
                quarters.fill(place, with: picture, of: vectors)
            }
            let near = some.indices.map { centres(near: quarters.sums(of: $0)) }
            let all = near.map(\.lowerBound).min()!..<near.map(\.upperBound).max()!
            guard !all.isEmpty else { continue }
            try centres[(all.lowerBound * PatchQuarters.rows)...].withUnsafeBufferPointer {
                try GEMM.multiply(
                    $0.baseAddress!, quarters.coordinates, into: &products,
                    .init(
                        m: all.count, n: quarters.width, k: PatchQuarters.rows,
                        transposed: .neither))
            }
            products.withUnsafeBytes { products in
                for (place, near) in near.enumerated() {
                    let column = place * PatchQuarters.columns
                    for centre in near {
                        let start = (centre - all.lowerBound) * quarters.width + column
                        Self.forEachPassing(products, start, PatchQuarters.columns) {
                            body(quarters.level(of: column + $0, in: some), centre)
                        }
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
