import AtlasModel

/// Where a square lies on a plane: transformed, and its upper left corner moved.
struct Placement: Sendable, Equatable {
    var symmetry = SquareSymmetry.identity
    var down = 0
    var right = 0

    /// The place on the plane of what lies at `other` beside a square at this place.
    ///
    /// Squares of one size that are turned about their centres keep the steps between their corners,
    /// apart from the turn.
    func followed(by other: Placement) -> Placement {
        let step = symmetry.applied(toDown: other.down, right: other.right)
        return Placement(
            symmetry: symmetry.after(other.symmetry), down: down + step.down,
            right: right + step.right)
    }

    /// The place of this square's neighbour as seen from that neighbour.
    var inverse: Placement {
        let back = symmetry.inverse
        let step = back.applied(toDown: -down, right: -right)
        return Placement(symmetry: back, down: step.down, right: step.right)
    }

    /// Whether two places are the same apart from a rounding of each of three offsets.
    func agrees(with other: Placement) -> Bool {
        symmetry == other.symmetry && abs(down - other.down) <= 1 && abs(right - other.right) <= 1
    }
}

/// A pair of one group: where its second picture lies beside the first.
struct Link: Sendable {
    /// Places in the group, `a` < `b`.
    let a: Int
    let b: Int
    let placement: Placement
    let correlation: Double

    func connects(_ one: Int, _ other: Int) -> Bool {
        (a, b) == (min(one, other), max(one, other))
    }

    /// The place of `b` beside `a`, or of `a` beside `b`.
    func placement(from end: Int) -> Placement { end == a ? placement : placement.inverse }
}
