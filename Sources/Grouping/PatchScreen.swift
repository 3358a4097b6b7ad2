import AtlasModel
import Kernels

/// Finds the patches of pictures that may correlate with one of a few central patches, without looking
/// at each of their pixels.
///
/// The bound is that of `CodeEncoder` with other directions: the twelve that are constant on a quarter of
/// the patch in one colour, and 0 elsewhere. Sums over boxes give the coordinates of all patches of a
/// picture at once. For few centres that takes much less time than the codes of all patches, which are
/// then needed only for the patches that are left.
struct PatchScreen: Sendable {
    /// The coordinates of the central patches, then zeros for `padded` rows in all.
    private let centres: QuarterRows
    /// Number of centres, rounded up to whole lanes.
    private let padded: Int

    /// With more centres most patches would be left, and the codes of all take no longer.
    static let mostCentres = 128

    private typealias Lanes = SIMD8<Float>
    /// Twelve coordinates, and the length of what is left.
    fileprivate static let width = 13
    /// Pictures whose products are computed at once.
    private static let pictures = 8
    /// More than the rounding errors of a product: the sum of 13 terms that are at most 1 together.
    private static let slack: Float = 1e-4

    /// - Parameter pictures: those of the central patches; at least one.
    init(_ vectors: ModelVectors, _ pictures: [Int]) {
        let lanes = Lanes.scalarCount
        padded = (pictures.count + lanes - 1) / lanes * lanes
        var quarters = PatchQuarters()
        var rows = QuarterRows()
        for picture in pictures { quarters.add([.none], of: picture, in: vectors, to: &rows) }
        rows.coordinates += repeatElement(0, count: padded * Self.width - rows.coordinates.count)
        centres = rows
    }

    /// The patches of some pictures that may correlate by `SameGround.patchCorrelation` with a centre of
    /// about the same mean and contrast.
    /// - Throws: `KernelError`.
    func places(of range: Range<Int>, in vectors: ModelVectors) throws -> [PatchPlace] {
        let shifts = SameGround.allShifts
        let least = Float(SameGround.patchCorrelation) - Self.slack
        var quarters = PatchQuarters()
        var found: [PatchPlace] = []
        var products = [Float](repeating: 0, count: Self.pictures * shifts.count * padded)
        for first in stride(from: range.lowerBound, to: range.upperBound, by: Self.pictures) {
            let some = first..<min(range.upperBound, first + Self.pictures)
            var rows = QuarterRows()
            for picture in some { quarters.add(shifts, of: picture, in: vectors, to: &rows) }
            try GEMM.multiply(
                rows.coordinates, centres.coordinates, into: &products,
                .init(m: rows.count, n: padded, k: Self.width))
            products.withUnsafeBytes { products in
                for row in 0..<rows.count {
                    guard Self.largest(of: products, row, padded) >= least,
                        (0..<centres.count).contains(where: { centre in
                            products.load(
                                fromByteOffset: 4 * (row * padded + centre), as: Float.self)
                                >= least && rows.isNear(row, centres, centre)
                        })
                    else { continue }
                    found.append(
                        PatchPlace(
                            picture: first + row / shifts.count, shift: shifts[row % shifts.count]))
                }
            }
        }
        return found
    }

    @inline(__always)
    private static func largest(of products: UnsafeRawBufferPointer, _ row: Int, _ width: Int)
        -> Float
    {
        var largest = Lanes(repeating: -1)
        for place in stride(from: row * width, to: (row + 1) * width, by: Lanes.scalarCount) {
            let lanes = products.loadUnaligned(fromByteOffset: 4 * place, as: Lanes.self)
            largest.replace(with: lanes, where: lanes .> largest)
        }
        return largest.max()
    }
}

/// Patches as `PatchScreen` sees them.
private struct QuarterRows: Sendable {
    /// `(count, 13)`: the coordinates of each patch, and the length of what they leave of the patch less
    /// its mean, of length 1. All zero for an even patch.
    var coordinates: [Float] = []
    /// As in `CentredRows`.
    var sums: [Int32] = []
    var spreads: [Double] = []

    var count: Int { sums.count }

    /// Whether a patch has the mean and the contrast that another one allows.
    @inline(__always)
    func isNear(_ row: Int, _ others: QuarterRows, _ other: Int) -> Bool {
        abs(sums[row] - others.sums[other]) <= SameGround.patchSum
            && SameGround.haveOneContrast(spreads[row], others.spreads[other])
    }
}

/// Computes the coordinates of patches of a picture on the directions of `PatchScreen`.
private struct PatchQuarters {
    /// Side of a quarter of a patch.
    private static let quarter = SameGround.patch / 2
    /// Numbers in a row of `sums`.
    private static let line = ModelVectors.side + 1
    /// Added to the square of what is left, so that its root is no less than the true one: more than
    /// the rounding error of a difference of numbers up to 1.
    private static let restError: Float = 1e-5

    /// `(29, 29)`: the sums of the three colours and of all squares, over all pixels above and to the
    /// left. At most 784 · 3 · 255², which 32 bits hold.
    private var sums = [SIMD4<Int32>](repeating: .zero, count: line * line)

    /// Adds the patches of a picture at some shifts.
    mutating func add(
        _ shifts: [Shift], of picture: Int, in vectors: ModelVectors, to rows: inout QuarterRows
    ) {
        addUp(picture, of: vectors)
        for shift in shifts {
            addPatch(
                top: SameGround.reach - shift.down, left: SameGround.reach - shift.right, to: &rows)
        }
    }

    private mutating func addUp(_ picture: Int, of vectors: ModelVectors) {
        let side = ModelVectors.side
        sums.withUnsafeMutableBufferPointer { sums in
            vectors.bytes.withUnsafeBufferPointer { bytes in
                var pixel = picture * ModelVectors.length
                for y in 1...side {
                    var row = SIMD4<Int32>.zero
                    for x in 1...side {
                        let (red, green, blue) = (
                            Int32(bytes[pixel]), Int32(bytes[pixel + 1]), Int32(bytes[pixel + 2])
                        )
                        row &+= SIMD4(
                            red, green, blue, red &* red &+ green &* green &+ blue &* blue)
                        sums[y * Self.line + x] = sums[(y - 1) * Self.line + x] &+ row
                        pixel += 3
                    }
                }
            }
        }
    }

    /// The sums over a quarter.
    @inline(__always)
    private func box(_ top: Int, _ left: Int) -> SIMD4<Int32> {
        let (first, last) = (top * Self.line + left, (top + Self.quarter) * Self.line + left)
        return sums[last + Self.quarter] &- sums[last] &- sums[first + Self.quarter]
            &+ sums[first]
    }

    private func addPatch(top: Int, left: Int, to rows: inout QuarterRows) {
        let side = Self.quarter
        let boxes = (
            box(top, left), box(top, left + side), box(top + side, left),
            box(top + side, left + side)
        )
        let all = boxes.0 &+ boxes.1 &+ boxes.2 &+ boxes.3
        let sum = Int(all.x) + Int(all.y) + Int(all.z)
        let spread = SameGround.patchLength * Int(all.w) - sum * sum
        rows.sums.append(Int32(sum))
        rows.spreads.append(Double(spread))
        guard spread > 0 else {
            rows.coordinates += repeatElement(0, count: PatchScreen.width)
            return
        }
        let length = (Float(spread) / Float(SameGround.patchLength)).squareRoot()
        // A direction is 1 / side on side² numbers.
        let scale = 1 / (Float(side) * length)
        let mean = SIMD4<Float>(repeating: Float(sum) / 12)
        var rest: Float = 1
        func add(_ box: SIMD4<Int32>) {
            let coordinates = (SIMD4<Float>(box) - mean) * scale
            for i in 0..<3 {
                rows.coordinates.append(coordinates[i])
                rest -= coordinates[i] * coordinates[i]
            }
        }
        add(boxes.0)
        add(boxes.1)
        add(boxes.2)
        add(boxes.3)
        rows.coordinates.append((max(0, rest) + Self.restError).squareRoot())
    }
}
