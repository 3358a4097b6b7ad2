/// One of the eight symmetries of the square: a mirror of left and right if `number` is 4 or more, and
/// then `number % 4` quarter turns counter-clockwise.
package struct SquareSymmetry: Sendable, Hashable {
    /// 0 to 7; 0 leaves everything as it is.
    package let number: Int

    package static let identity = SquareSymmetry(0)
    package static let all = (0..<ModelVectors.symmetries).map(SquareSymmetry.init)

    /// - Precondition: `number` is 0 to 7.
    package init(_ number: Int) {
        precondition(
            (0..<ModelVectors.symmetries).contains(number), "a square has eight symmetries")
        self.number = number
    }

    private init(isMirrored: Bool, quarterTurns: Int) {
        number = (isMirrored ? 4 : 0) + quarterTurns & 3
    }

    private var isMirrored: Bool { number >= 4 }
    private var quarterTurns: Int { number % 4 }

    /// The symmetry that undoes this one.
    package var inverse: SquareSymmetry {
        isMirrored ? self : SquareSymmetry(isMirrored: false, quarterTurns: -quarterTurns)
    }

    /// First `other`, then this one.
    package func after(_ other: SquareSymmetry) -> SquareSymmetry {
        // A turn before a mirror is the opposite turn after it.
        SquareSymmetry(
            isMirrored: isMirrored != other.isMirrored,
            quarterTurns: quarterTurns + (isMirrored ? -other.quarterTurns : other.quarterTurns))
    }

    /// Where a step on the picture leads after the picture was transformed.
    ///
    ///     SquareSymmetry(1).applied(toDown: 0, right: 3)  // (-3, 0): what led to the right leads up
    package func applied<Number: SignedNumeric>(toDown down: Number, right: Number)
        -> (down: Number, right: Number)
    {
        let right = isMirrored ? -right : right
        return switch quarterTurns {
        case 0: (down, right)
        case 1: (-right, down)
        case 2: (-down, -right)
        default: (right, -down)
        }
    }

    /// Where a pixel of a transformed square picture comes from.
    ///
    ///     SquareSymmetry(1).source(ofColumn: 0, row: 0, side: 28)  // (27, 0): the upper right comes to the left
    package func source(ofColumn column: Int, row: Int, side: Int) -> (column: Int, row: Int) {
        var (x, y) = (column, row)
        for _ in 0..<quarterTurns { (x, y) = (side - 1 - y, x) }
        return (isMirrored ? side - 1 - x : x, y)
    }

    /// For each byte of a transformed model vector the place of its source.
    package var sources: [Int] { ModelVectors.symmetrySources[number] }
}
