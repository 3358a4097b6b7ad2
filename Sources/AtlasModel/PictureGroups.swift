/// Why two pictures belong together.
package enum PairKind: String, Sendable, Hashable, Codable, CaseIterable {
    /// The files are equal, or the pictures are equal up to a turn or a mirror.
    case identical
    /// One is a copy of the other: turned, mirrored, of another size, quality or brightness.
    case copy
    /// Both show the same ground, one shifted against the other.
    case ground
    /// Both show one specimen, as metadata or a pattern of the file name say.
    case specimen
}

/// Two pictures that belong together.
///
/// For the kind `ground`, picture `b` lies over picture `a` like this: take `b`, apply `turn`, and
/// place its upper left corner `down` pixels below and `right` pixels to the right of that of `a`.
/// Both are pixels of the model vector, 28 on a side. For all other kinds the offset is 0.
package struct PicturePair: Sendable, Hashable {
    /// Indices in the collection's key order, `a` < `b`.
    package let a: Int
    package let b: Int
    package let kind: PairKind
    package let down: Int
    package let right: Int
    /// The symmetry of the square that turns `b` into the position of `a`: `turn % 4` quarter turns
    /// counter-clockwise, after a mirror of left and right if it is 4 or more.
    package let turn: Int
    /// Pearson correlation on the area that both show; 1 for identical pictures, NaN for specimens.
    package let correlation: Double

    package init(
        a: Int, b: Int, kind: PairKind, down: Int = 0, right: Int = 0, turn: Int = 0,
        correlation: Double
    ) {
        precondition(a < b, "the first picture of a pair comes first in key order")
        self.a = a
        self.b = b
        self.kind = kind
        self.down = down
        self.right = right
        self.turn = turn
        self.correlation = correlation
    }
}

/// The pictures of a collection that belong together.
package struct PictureGroups: Sendable, Equatable {
    /// Sorted by `a`, then `b`; at most one pair of each two pictures.
    package let pairs: [PicturePair]
    /// Pairs that were found, but are no duplicates by a verdict (`DuplicateVerdict`); sorted in the same
    /// way. They connect nothing.
    package let denied: [PicturePair]
    /// For each picture the smallest index of its group, which is its own for a picture outside all
    /// groups.
    package let first: [Int]

    package init(pairs: [PicturePair], denied: [PicturePair] = [], first: [Int]) {
        self.pairs = pairs
        self.denied = denied
        self.first = first
    }

    /// Each picture alone.
    package static func none(count: Int) -> PictureGroups {
        PictureGroups(pairs: [], first: Array(0..<count))
    }

    /// The groups of two pictures and more: members in key order, groups by their first member.
    package var members: [[Int]] {
        var members: [Int: [Int]] = [:]
        for (picture, first) in first.enumerated() { members[first, default: []].append(picture) }
        return members.values.filter { $0.count > 1 }.sorted { $0[0] < $1[0] }
    }
}
