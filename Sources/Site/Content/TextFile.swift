import AtlasModel
import Yams

/// A Markdown file: what its front matter says, and its text as HTML.
struct TextFile: Sendable, Equatable {
    /// As messages call it.
    let file: String
    let title: String?
    let author: String?
    /// As written, ISO dates spelled out.
    let date: String?
    let html: String

    /// Whether it began with front matter, which makes any file a page.
    let hasFrontMatter: Bool

    /// - Throws: `SiteError.frontMatter`, `.unknownFrontMatter`.
    init(_ text: String, file: String) throws {
        guard text.hasPrefix("---\n"), let end = Self.end(of: text) else {
            self.init(
                file: file, title: nil, author: nil, date: nil, body: text, hasFrontMatter: false)
            return
        }
        let matter = String(text[text.index(text.startIndex, offsetBy: 3)..<end.lowerBound])
        var values: [String: String] = [:]
        for (key, value) in try Self.mapping(matter, file) {
            let known = ["title", "author", "date"]
            let name = key.string ?? "?"
            guard known.contains(name) else {
                throw SiteError.unknownFrontMatter(
                    file: file, line: key.mark?.line ?? 1, key: name,
                    nearest: nearestWord(to: name, in: known))
            }
            guard let text = value.scalar?.string else {
                throw SiteError.frontMatter(file: file, reason: "\(name) has to be a text")
            }
            values[name] = text
        }
        self.init(
            file: file, title: values["title"], author: values["author"],
            date: values["date"].map(Figures.date), body: String(text[end.upperBound...]),
            hasFrontMatter: true)
    }

    private init(
        file: String, title: String?, author: String?, date: String?, body: String,
        hasFrontMatter: Bool
    ) {
        self.file = file
        self.title = title
        self.author = author
        self.date = date
        self.html = Markdown.html(body)
        self.hasFrontMatter = hasFrontMatter
    }

    /// The line that closes the front matter, which may be the file's last or follow the first at once.
    private static func end(of text: String) -> Range<String.Index>? {
        let rest = text.index(text.startIndex, offsetBy: 3)..<text.endIndex
        return text[rest].firstRange(of: /\n---[ \t]*(?:\n|$)/)
    }

    private static func mapping(_ matter: String, _ file: String) throws -> Node.Mapping {
        let node: Node?
        do {
            node = try Yams.compose(yaml: matter)
        } catch {
            throw SiteError.frontMatter(file: file, reason: "\(error)")
        }
        guard let node, node.null == nil else { return Node.Mapping([]) }
        guard let mapping = node.mapping else {
            throw SiteError.frontMatter(file: file, reason: "they are no list of settings")
        }
        return mapping
    }

    /// `the curator, 12 May 2026`, whichever is known; empty when neither is.
    var signature: String { [author, date].compactMap { $0 }.joined(separator: ", ") }
}
