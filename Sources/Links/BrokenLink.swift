/// A link of a page that a browser cannot follow, or a page that cannot be read.
package struct BrokenLink: Sendable, Hashable, Comparable {
    /// Path of the page inside the atlas, `/` between folders.
    package let page: String
    /// One sentence.
    package let reason: String

    package init(page: String, reason: String) {
        self.page = page
        self.reason = reason
    }

    /// By page, then reason, in UTF-8 byte order.
    package static func < (left: BrokenLink, right: BrokenLink) -> Bool {
        if left.page != right.page {
            return left.page.utf8.lexicographicallyPrecedes(right.page.utf8)
        }
        return left.reason.utf8.lexicographicallyPrecedes(right.reason.utf8)
    }
}
