/// A problem with a file of a finished atlas, in words for its publisher.
package struct Problem: Codable, Sendable, Hashable, Comparable {
    /// Path of the file inside the atlas, `/` between folders.
    package let path: String
    /// One sentence.
    package let reason: String

    package init(path: String, reason: String) {
        self.path = path
        self.reason = reason
    }

    /// By path, then reason, in UTF-8 byte order.
    package static func < (left: Problem, right: Problem) -> Bool {
        if left.path != right.path {
            return left.path.precedes(right.path)
        }
        return left.reason.precedes(right.reason)
    }
}
