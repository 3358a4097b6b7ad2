import AtlasModel
import Testing

@Suite struct ByteOrderTests {
    @Test func `Texts are in the order of their UTF-8 bytes`() {
        // As `LC_ALL=C sort` orders them.
        let sorted = ["", "/", "A", "Z", "a", "a/", "a/b", "a0", "ab", "b", "é", "日", "😀"]
        for (place, left) in sorted.enumerated() {
            for (other, right) in sorted.enumerated() {
                #expect(left.precedes(right) == (place < other), "\(left) and \(right)")
            }
        }
    }

    @Test func `Equal letters of other code points differ`() {
        // é as one code point (C3 A9), and as e with an accent (65 CC 81).
        #expect("e\u{301}".precedes("\u{E9}"))
        #expect(!"\u{E9}".precedes("e\u{301}"))
    }
}
