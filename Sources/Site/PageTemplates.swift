import Fingerprint
import Templates

/// The templates of a theme: page templates and the templates that they include.
struct PageTemplates: Sendable {
    private let templates: TemplateSet
    /// Changes with the text of any template that a page uses.
    let digest: Fingerprint
    /// Files of the templates that a page uses.
    let files: Set<String>

    /// Compiles the templates of all kinds of page, and all other templates at the root of the
    /// theme. Templates that the theme lacks come from the default theme.
    /// - Throws: `SiteError` for missing and empty templates, `TemplateError` for mistakes in them.
    init(_ theme: ThemeFiles) throws {
        try self.init(
            theme, pages: PageKind.all.map(\.name), others: Self.names(theme.names))
    }

    /// Compiles the templates `pages` and `others`, and the templates that they include.
    init(_ theme: ThemeFiles, pages: [String], others: [String] = []) throws {
        for page in pages where !theme.contains(page + ".html") {
            throw SiteError.missingTemplate(folder: theme.path, name: page + ".html")
        }
        let known = Self.names(theme.known)
        var texts: [String: String] = [:]
        func source(_ name: String) throws -> TemplateSet.Source? {
            let file = name + ".html"
            guard theme.contains(file) else { return nil }
            let text = try theme.text(of: file)
            // An editor that was interrupted may leave an empty file, which would give blank pages.
            if pages.contains(name), text.allSatisfy(\.isWhitespace) {
                throw SiteError.emptyTemplate(file: theme.place(of: file))
            }
            texts[name] = text
            return TemplateSet.Source(text: text, file: theme.place(of: file))
        }
        templates = try TemplateSet(pages, known: known, source: source)
        files = Set(texts.keys.map { $0 + ".html" })
        digest = Fingerprint(
            ofParts: texts.sorted { $0.key < $1.key }.flatMap { [$0.key, $0.value] })
        // Mistakes in the others are told too, before somebody includes them.
        _ = try TemplateSet(others.filter { texts[$0] == nil }, known: known, source: source)
    }

    /// - Precondition: `name` is one of the pages.
    subscript(name: String) -> Template {
        guard let template = templates[name] else {
            preconditionFailure("every page has a template: init made sure")
        }
        return template
    }

    /// Styles, scripts and pictures that the templates name: `style.css` for
    /// `{{assets.style.css}}`.
    var assets: [String] { templates.names(in: "assets") }

    /// Names of templates among the files.
    private static func names(_ files: [String]) -> [String] {
        files.filter { $0.hasSuffix(".html") && !$0.contains("/") }.map { String($0.dropLast(5)) }
    }
}
