/// When a file of an atlas is written, and when it is copied to its readers: after the files that it
/// names, so that a reader can follow all links meanwhile. The cases are in this order.
package enum WritingStep: CaseIterable, Sendable {
    /// Pictures, scripts, styles and data, whose names mostly have digests.
    case needed
    /// Pages to which no page links yet.
    case newPage
    /// Pages that an earlier edition has too.
    case knownPage
    /// The page whose links are followed first.
    case frontPage

    /// - Parameters:
    ///   - path: in the atlas.
    ///   - isKnown: whether an earlier edition has the file too.
    package init(of path: String, isKnown: Bool) {
        if path == "index.html" {
            self = .frontPage
        } else if path.hasSuffix(".html") {
            self = isKnown ? .knownPage : .newPage
        } else {
            self = .needed
        }
    }
}
