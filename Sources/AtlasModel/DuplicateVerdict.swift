/// What somebody has decided about two pictures: whether one is a duplicate of the other.
package struct DuplicateVerdict: Sendable, Hashable {
    /// Indices in the collection's key order, `a` < `b`.
    package let a: Int
    package let b: Int
    package let isDuplicate: Bool
    /// Why, as that person wrote it; may be empty.
    package let reason: String

    package init(_ one: Int, _ other: Int, isDuplicate: Bool, reason: String = "") {
        precondition(one != other, "a verdict is about two pictures")
        a = min(one, other)
        b = max(one, other)
        self.isDuplicate = isDuplicate
        self.reason = reason
    }

    /// The two pictures, to look a verdict up.
    package var pictures: SIMD2<Int32> { PicturePair.pictures(a, b) }

    /// The word in tables: `duplicate` or `not a duplicate`.
    package var word: String { Self.word(isDuplicate: isDuplicate) }

    package static func word(isDuplicate: Bool) -> String {
        isDuplicate ? "duplicate" : "not a duplicate"
    }
}

extension PicturePair {
    /// The two pictures, to look up what is known of them.
    package var pictures: SIMD2<Int32> { Self.pictures(a, b) }

    /// Two pictures in either order, to look up what is known of them.
    package static func pictures(_ one: Int, _ other: Int) -> SIMD2<Int32> {
        SIMD2(Int32(min(one, other)), Int32(max(one, other)))
    }
}
