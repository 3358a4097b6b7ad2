import AtlasModel
import Testing

/// Expected values are those of permuted corners: the symmetries are applied to a square of four
/// letters by hand.
@Suite struct SquareSymmetryTests {
    /// The corners of the square `ab/cd` after each symmetry, read row by row: mirrored first, then
    /// turned counter-clockwise.
    static let corners = ["abcd", "bdac", "dcba", "cadb", "badc", "acbd", "cdab", "dbca"]

    /// A model vector whose quarters are 0, 1, 2 and 3.
    private static let quarters: [UInt8] = (0..<ModelVectors.length).map { byte in
        let (row, column) = (byte / 3 / ModelVectors.side, byte / 3 % ModelVectors.side)
        return UInt8(row / 14 * 2 + column / 14)
    }

    private func corners(_ vector: [UInt8]) -> String {
        String(
            [(0, 0), (0, 27), (27, 0), (27, 27)].map { row, column in
                Array("abcd")[Int(vector[(row * ModelVectors.side + column) * 3])]
            })
    }

    @Test(arguments: 0..<8) func `A symmetry moves corners as it does by hand`(number: Int) {
        let moved = SquareSymmetry(number).sources.map { Self.quarters[$0] }
        #expect(corners(moved) == Self.corners[number])
    }

    @Test func `One symmetry after another is the same as both in turn`() {
        for one in SquareSymmetry.all {
            for other in SquareSymmetry.all {
                let first = other.sources.map { Self.quarters[$0] }
                let both = one.sources.map { first[$0] }
                #expect(one.after(other).sources.map { Self.quarters[$0] } == both)
            }
            #expect(one.after(one.inverse) == .identity)
        }
    }

    @Test func `A step leads where the corner that it leads to lies afterwards`() {
        // From a to b is one step to the right, from a to c one step down.
        func step(_ corners: String, to letter: Character) -> (Int, Int) {
            let places = Dictionary(uniqueKeysWithValues: zip(corners, 0...))
            let (from, end) = (places["a"] ?? 0, places[letter] ?? 0)
            return (end / 2 - from / 2, end % 2 - from % 2)
        }
        for symmetry in SquareSymmetry.all {
            let corners = Self.corners[symmetry.number]
            #expect(symmetry.applied(toDown: 0, right: 1) == step(corners, to: "b"))
            #expect(symmetry.applied(toDown: 1, right: 0) == step(corners, to: "c"))
        }
    }
}
