/// Something wrong with a file of a finished atlas, in words for its publisher.
public struct Problem: Codable, Sendable, Hashable, Comparable {
    /// Path of the file inside the atlas, `/` between folders.
    public let path: String
    /// A sentence.
    public let reason: String

    public init(path: String, reason: String) {
        self.path = path
        self.reason = reason
    }

    /// By path, then reason, in UTF-8 byte order.
    public static func < (left: Problem, right: Problem) -> Bool {
        if left.path != right.path {
            return left.path.utf8.lexicographicallyPrecedes(right.path.utf8)
        }
        return left.reason.utf8.lexicographicallyPrecedes(right.reason.utf8)
    }
}
