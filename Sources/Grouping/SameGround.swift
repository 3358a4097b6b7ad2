import AtlasModel

/// When two pictures show the same ground: one is the other shifted, by at most half of a side less
/// half of the patch.
///
/// Somewhere within `reach`, the central patch of one of them has to correlate with the other picture
/// by `patchCorrelation`, with the same mean up to `patchMean` and the same contrast up to a quarter, and
/// the whole area that both then show has to correlate by `correlation` and to differ by at most
/// `difference` on average. `docs/groups.md` says where the numbers come from.
enum SameGround {
    /// Least Pearson correlation of the common area, over all pixels and colours.
    static let correlation = 0.98
    /// Largest mean absolute difference of the common area, of 255.
    static let difference = 6
    /// If the correlation falls by less than this two pixels away from a shift in some direction, the two
    /// pictures may as well be shifted along it: they show an edge. In all directions, they show nothing.
    static let fall = 0.01
    /// Least correlation of the common area of two pictures that show an edge: half of the deviation from 1.
    static let edgeCorrelation = 0.99
    /// Two pictures of a scene whose places overlap contradict each other when they correlate less than
    /// this there, and differ by more than `difference`.
    static let contradiction = 0.9
    /// Side of the central patch.
    static let patch = 14
    /// Largest shift along each axis, in pixels: that at which the patch touches the border.
    static let reach = (ModelVectors.side - patch) / 2
    /// Least Pearson correlation of the central patch of one of the two pictures.
    static let patchCorrelation = 0.95
    /// Largest difference of the means of that patch, of 255.
    static let patchMean = 8

    /// Whether the standard deviations of two patches are less than a quarter apart: 1.25² is 25 / 16.
    /// - Parameters: the spreads of `CentredRows`, which are proportional to the squares.
    @inline(__always)
    static func haveOneContrast(_ spread: Double, _ other: Double) -> Bool {
        16 * spread <= 25 * other && 16 * other <= 25 * spread
    }

    /// Bytes of a patch.
    static let patchLength = patch * patch * 3
    /// Largest difference of the sums of two patches.
    static let patchSum = Int32(patchMean * patchLength)

    static let allShifts = (-reach...reach).flatMap { down in
        (-reach...reach).map { Shift(down: down, right: $0) }
    }

    /// Those by one pixel, in eight directions.
    static let smallShifts = allShifts.filter { max(abs($0.down), abs($0.right)) == 1 }

    /// Where in a model vector the patch begins that lies over the centre of a picture against which
    /// the vector is shifted.
    static func offset(_ shift: Shift) -> Int {
        ((reach - shift.down) * ModelVectors.side + reach - shift.right) * 3
    }
}

/// A picture laid over another one, shifted: pixel (y, x) of the first and pixel (y − down, x − right)
/// of the second show the same.
struct Shift: Sendable, Hashable {
    let down: Int
    let right: Int

    static let none = Shift(down: 0, right: 0)

    /// The shift of the first picture against the second.
    var reversed: Shift { Shift(down: -down, right: -right) }

    /// One shift after another.
    static func + (left: Shift, right: Shift) -> Shift {
        Shift(down: left.down + right.down, right: left.right + right.right)
    }

    /// Number of bytes of the common area.
    var commonLength: Int {
        (ModelVectors.side - abs(down)) * (ModelVectors.side - abs(right)) * 3
    }
}

/// What two model vectors have in common at a shift.
struct Overlap: Sendable {
    /// Pearson correlation of the common area; 0 if one of the two is even there.
    let correlation: Double
    /// Sum of absolute differences.
    let difference: Int
    /// Smaller of the two standard deviations, of 255.
    let contrast: Double

    /// - Parameters:
    ///   - a: a model vector, `(28, 28, 3)`.
    ///   - b: the vector laid over it.
    init(_ a: UnsafePointer<UInt8>, _ b: UnsafePointer<UInt8>, _ shift: Shift) {
        let side = ModelVectors.side
        let (top, left) = (max(0, shift.down), max(0, shift.right))
        let rows = side - abs(shift.down)
        let width = (side - abs(shift.right)) * 3
        var sums = ByteSums()
        var difference: Int32 = 0
        for row in top..<top + rows {
            let one = a + (row * side + left) * 3
            let other = b + ((row - shift.down) * side + left - shift.right) * 3
            sums.add(one, other, width)
            for i in 0..<width { difference &+= abs(Int32(one[i]) &- Int32(other[i])) }
        }
        let count = rows * width
        correlation = sums.correlation(of: count)
        self.difference = Int(difference)
        contrast = sums.contrast(of: count)
    }

    /// Two pictures of a collection.
    init(_ vectors: ModelVectors, _ a: Int, _ b: Int, _ shift: Shift) {
        self = vectors.bytes.withUnsafeBufferPointer { bytes in
            guard let bytes = bytes.baseAddress else { preconditionFailure("two pictures") }
            return Overlap(
                bytes + a * ModelVectors.length, bytes + b * ModelVectors.length, shift)
        }
    }

    /// Whether the two show different ground.
    func isContradiction(_ shift: Shift) -> Bool {
        difference > SameGround.difference * shift.commonLength
            && correlation < SameGround.contradiction
    }

    /// Whether the two show the same ground.
    func isSameGround(_ shift: Shift) -> Bool {
        difference <= SameGround.difference * shift.commonLength
            && correlation >= SameGround.correlation
    }
}

/// The sums that a correlation of bytes needs, exact for up to 33,000 pairs of bytes.
struct ByteSums {
    private var (a, b, aa, bb, ab): (Int32, Int32, Int32, Int32, Int32) = (0, 0, 0, 0, 0)

    mutating func add(_ one: UnsafePointer<UInt8>, _ other: UnsafePointer<UInt8>, _ count: Int) {
        for i in 0..<count {
            let (x, y) = (Int32(one[i]), Int32(other[i]))
            a &+= x
            b &+= y
            aa &+= x &* x
            bb &+= y &* y
            ab &+= x &* y
        }
    }

    /// nΣx² − (Σx)² of both, and nΣxy − ΣxΣy; whole numbers that a Double holds.
    private func moments(_ count: Int) -> (Double, Double, Double) {
        func moment(_ products: Int32, _ x: Int32, _ y: Int32) -> Double {
            Double(count * Int(products) - Int(x) * Int(y))
        }
        return (moment(aa, a, a), moment(bb, b, b), moment(ab, a, b))
    }

    /// Pearson correlation; 0 if one side is even.
    func correlation(of count: Int) -> Double {
        let (spread, other, covariance) = moments(count)
        guard spread > 0, other > 0 else { return 0 }
        return covariance / (spread * other).squareRoot()
    }

    /// The smaller of the two standard deviations.
    func contrast(of count: Int) -> Double {
        let (spread, other, _) = moments(count)
        return min(spread, other).squareRoot() / Double(count)
    }
}
