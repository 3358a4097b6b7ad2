import Fingerprint
import Templates

/// The templates of a theme: page templates and the templates that they include.
struct PageTemplates: Sendable {
    private let templates: TemplateSet
    /// Changes with the text of any template.
    let digest: Fingerprint

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
        var texts: [String: String] = [:]
        templates = try TemplateSet(
            pages + others, known: Self.names(theme.known)
        ) { name in
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
        digest = Fingerprint(
            ofParts: texts.sorted { $0.key < $1.key }.flatMap { [$0.key, $0.value] })
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
