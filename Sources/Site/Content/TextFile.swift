import AtlasModel
import Messages
import Yams

/// A Markdown file: the values of its front matter, and its text as HTML.
///
/// Front matter may contain `title`, `author` and `date`. For pages it may also contain `nav: yes`,
/// which adds the page to the navigation, and `weight`, the position there: small numbers come
/// first.
struct TextFile: Sendable, Equatable {
    /// The file's path, for messages.
    let file: String
    let title: String?
    let author: String?
    /// As written, but ISO dates are written out: `12 May 2026`.
    let date: String?
    /// `nil` when the front matter does not contain it.
    let isInNavigation: Bool?
    let weight: Int?
    let html: String
    /// The file's text, to find the lines that messages name.
    let source: String

    /// Whether the file begins with front matter. Any file with front matter becomes a page.
    let hasFrontMatter: Bool

    /// - Parameter linked: replaces the links to files beside the text in the HTML.
    /// - Throws: `SiteError.frontMatter`, `.unknownFrontMatter`; any error of `linked`.
    init(
        _ text: String, file: String, linked: (String) throws -> String = { $0 }
    ) throws {
        self.file = file
        source = text
        let opens = text.prefixMatch(of: /---[ \t]*\n/) != nil
        guard opens, let end = Self.end(of: text) else {
            // Without such a line, the first line is a rule of Markdown.
            if opens, text.prefixMatch(of: /---[ \t]*\n[a-z]+:/) != nil {
                throw SiteError.frontMatter(
                    file: file, reason: "line 1: no line \"---\" closes them")
            }
            (title, author, date, isInNavigation, weight) = (nil, nil, nil, nil, nil)
            hasFrontMatter = false
            html = try linked(Markdown.html(text))
            return
        }
        hasFrontMatter = true
        let matter = String(text[text.index(text.startIndex, offsetBy: 3)..<end.lowerBound])
        var values: [String: String] = [:]
        for (key, value) in try Self.mapping(matter, file) {
            let known = ["title", "author", "date", "nav", "weight"]
            let name = key.string ?? "?"
            guard known.contains(name) else {
                throw SiteError.unknownFrontMatter(
                    file: file, line: key.mark?.line ?? 1, key: name,
                    nearest: nearestWord(to: name, in: known))
            }
            let kind = Self.kind(of: name, value.scalar?.string)
            guard let text = value.scalar?.string, Self.fits(text, name) else {
                let line = key.mark.map { "line \($0.line): " } ?? ""
                throw SiteError.frontMatter(file: file, reason: "\(line)\(name) has to be \(kind)")
            }
            values[name] = text
        }
        title = values["title"]
        author = values["author"]
        date = values["date"].map(Figures.date)
        isInNavigation = values["nav"].flatMap { Self.answers[$0.lowercased()] }
        weight = values["weight"].flatMap { Int($0) }
        html = try linked(Markdown.html(String(text[end.upperBound...])))
    }

    /// The words for yes and no in YAML 1.1.
    private static let answers = [
        "yes": true, "true": true, "on": true, "no": false, "false": false, "off": false,
    ]

    private static func fits(_ text: String, _ name: String) -> Bool {
        switch name {
        case "nav": answers[text.lowercased()] != nil
        case "weight": Int(text) != nil
        default: text.utf8.count <= longestValue
        }
    }

    /// What a value has to be.
    private static func kind(of name: String, _ text: String?) -> String {
        switch name {
        case "nav": "yes or no"
        case "weight": "a whole number"
        case _ where text != nil: "a text of at most \(longestValue) bytes"
        default: "a text"
        }
    }

    /// Most bytes of a title, an author or a date: they are on many pages.
    private static let longestValue = 1_000

    /// The line of the file that contains an address, from 1; `nil` when the address is written in
    /// another form.
    func line(of address: String) -> Int? {
        source.split(separator: "\n", omittingEmptySubsequences: false)
            .firstIndex { $0.contains(address) }.map { $0 + 1 }
    }

    /// The line that closes the front matter. It may be the last line of the file, or directly
    /// follow the opening line.
    private static func end(of text: String) -> Range<String.Index>? {
        let rest = text.index(text.startIndex, offsetBy: 3)..<text.endIndex
        return text[rest].firstRange(of: /\n---[ \t]*(?:\n|$)/)
    }

    private static func mapping(_ matter: String, _ file: String) throws -> Node.Mapping {
        let node: Node?
        do {
            node = try YAMLDocument.root(of: matter)
        } catch {
            let line = error.line.map { "line \($0): " } ?? ""
            throw SiteError.frontMatter(file: file, reason: line + error.reason)
        }
        guard let node, node.null == nil else { return Node.Mapping([]) }
        guard let mapping = node.mapping else {
            throw SiteError.frontMatter(file: file, reason: "they are no list of settings")
        }
        return mapping
    }

    /// `the curator, 12 May 2026`, or one of the two if the other is unknown; empty when both are
    /// unknown.
    var signature: String { [author, date].compactMap { $0 }.joined(separator: ", ") }
}
