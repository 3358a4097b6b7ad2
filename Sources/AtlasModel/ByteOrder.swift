extension String {
    /// Whether the text comes before another in the order of their UTF-8 bytes, which is the order of
    /// keys and paths everywhere. A text comes after its own beginning.
    ///
    ///     "a/b".precedes("a/c")   // true
    ///     "Z".precedes("a")       // true: capital letters have smaller bytes
    ///     "a".precedes("a")       // false
    package func precedes(_ other: String) -> Bool {
        let (left, right) = (utf8.span, other.utf8.span)
        for place in 0..<min(left.count, right.count) where left[place] != right[place] {
            return left[place] < right[place]
        }
        return left.count < right.count
    }
}
