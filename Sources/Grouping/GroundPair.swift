package import AtlasModel

/// Two pictures that show the same ground.
package struct GroundPair: Sendable, Hashable {
    /// Indices, `a` < `b`.
    package let a: Int
    package let b: Int
    /// Of `b` against `a`.
    let shift: Shift
    /// Pearson correlation of the common area.
    package let correlation: Double
    /// Smaller of the two standard deviations of the common area, of 255.
    let contrast: Double

    /// Pixel (y, x) of `a` is pixel (y − down, x − right) of `b`.
    package var down: Int { shift.down }
    package var right: Int { shift.right }

    /// A pair that was found before.
    init(_ pair: PicturePair, in vectors: ModelVectors) {
        let shift = Shift(down: pair.down, right: pair.right)
        self.init(
            a: pair.a, b: pair.b, shift: shift, correlation: pair.correlation,
            contrast: Overlap(vectors, pair.a, pair.b, shift).contrast)
    }

    init(a: Int, b: Int, shift: Shift, correlation: Double, contrast: Double) {
        self.a = a
        self.b = b
        self.shift = shift
        self.correlation = correlation
        self.contrast = contrast
    }

    package var pair: PicturePair {
        PicturePair(
            a: a, b: b, kind: .ground, down: down, right: right, correlation: correlation)
    }

    /// How sure it is that the two show the same ground: a high correlation of much contrast and much
    /// common ground.
    var strength: Double {
        contrast * Double(shift.commonLength) * (correlation - SameGround.correlation)
    }

    /// How well the shift is known.
    func evidence(in vectors: ModelVectors) -> GroundEvidence {
        let steps = [-2, 0, 2].flatMap { down in [-2, 0, 2].map { Shift(down: down, right: $0) } }
        let others = steps.filter { $0 != .none }.map { shift + $0 }
        let alike = others.count {
            Overlap(vectors, a, b, $0).correlation > correlation - SameGround.fall
        }
        if alike == others.count { return .featureless }
        return alike == 0 ? .located : .edge
    }

    /// Whether the two show the same ground although their shift may not be known: something is there,
    /// and an edge, which is like many others, agrees twice as well as what has one place only.
    func isEvident(in vectors: ModelVectors) -> Bool {
        switch evidence(in: vectors) {
        case .located: true
        case .edge: correlation >= SameGround.edgeCorrelation
        case .featureless: false
        }
    }

    /// The first of equal pairs is the one with the higher correlation; of equal correlations, that
    /// with the larger common area.
    private var order: (Int, Int, Double, Int, Int, Int) {
        (a, b, -correlation, -shift.commonLength, shift.down, shift.right)
    }

    /// Each two pictures once, with their best shift, sorted by `a`, then `b`.
    static func best(of pairs: [GroundPair]) -> [GroundPair] {
        var best: [GroundPair] = []
        for pair in pairs.sorted(by: { $0.order < $1.order })
        where best.last.map({ $0.a != pair.a || $0.b != pair.b }) ?? true {
            best.append(pair)
        }
        return best
    }
}

/// How well the shift of a pair is known.
enum GroundEvidence: Sendable, Hashable {
    /// No other shift is as good.
    case located
    /// Shifts along a line are as good.
    case edge
    /// All shifts are as good: a smooth gradient, or nothing at all.
    case featureless
}

/// A patch of one picture, and the central patch of another one that may show the same.
struct PatchPair {
    /// A patch with the numbers that its correlation with another one needs.
    struct Side {
        let picture: Int
        /// The model vector of the picture.
        let vector: UnsafePointer<UInt8>
        let bytes: UnsafePointer<UInt8>
        let sum: Int32
        let spread: Double
    }

    let patch: Side
    let centre: Side
    /// Of the picture of the patch against that of the centre.
    let shift: Shift

    /// Whether the two are of two pictures and have about the same mean and contrast. The bytes do not matter.
    @inline(__always)
    var isNear: Bool {
        centre.picture != patch.picture && abs(patch.sum - centre.sum) <= SameGround.patchSum
            && SameGround.haveOneContrast(patch.spread, centre.spread)
    }

    /// The pair of pictures, if they show the same ground.
    /// - Precondition: `isNear`.
    @inline(__always)
    func sameGround() -> GroundPair? {
        let length = SameGround.patchLength
        let covariance = Double(
            length * Int(PatchBytes.product(patch.bytes, centre.bytes)) - Int(patch.sum)
                * Int(centre.sum))
        let bar = SameGround.patchCorrelation * (patch.spread * centre.spread).squareRoot()
        return covariance >= bar ? wholePair() : nil
    }

    private func wholePair() -> GroundPair? {
        // In the order of the pictures, so that a pair has the same numbers from either side.
        let isFirst = centre.picture < patch.picture
        let (a, b) = isFirst ? (centre, patch) : (patch, centre)
        let shift = isFirst ? shift : shift.reversed
        let overlap = Overlap(a.vector, b.vector, shift)
        guard overlap.isSameGround(shift) else { return nil }
        return GroundPair(
            a: a.picture, b: b.picture, shift: shift, correlation: overlap.correlation,
            contrast: overlap.contrast)
    }
}
