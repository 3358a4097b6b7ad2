/// Removes links to pages that an edition does not have, so that one text serves atlases with and
/// without a network, a review or scenes.
///
///     AbsentPages(["models.html"]).unlinked(#"the <a href="models.html#card">models page</a>"#)
///     // "the models page"
struct AbsentPages: Sendable {
    let paths: Set<String>

    /// - Parameter paths: of the pages, relative to the root of the atlas.
    init(_ paths: Set<String>) { self.paths = paths }

    /// Pages that this program makes for some editions, and not for this one.
    init(_ contents: AtlasContents) {
        self.init(Set(PageKind.single.filter { !$0.exists(contents) }.map(\.path)))
    }

    /// HTML as libcmark writes it, in which links to these pages have become their text.
    /// - Parameter root: the way from the page of the text to the root of the atlas, e.g. `../`.
    func unlinked(_ html: String, root: String = "") -> String {
        guard !paths.isEmpty else { return html }
        let begin = "<a href=\"" + root
        let end = "</a>"
        var result = ""
        var rest = html[...]
        while let link = rest.firstRange(of: begin) {
            let address = rest[link.upperBound...].prefix { $0 != "\"" }
            let page = address.prefix { $0 != "#" && $0 != "?" }
            guard paths.contains(String(page)),
                let close = rest[address.endIndex...].firstIndex(of: ">"),
                let last = rest[close...].firstRange(of: end)
            else {
                result += rest[..<link.upperBound]
                rest = rest[link.upperBound...]
                continue
            }
            result += rest[..<link.lowerBound]
            result += rest[rest.index(after: close)..<last.lowerBound]
            rest = rest[last.upperBound...]
        }
        return result + rest
    }
}
