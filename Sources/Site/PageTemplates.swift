import Templates

/// The templates of a theme: one for each kind of page, and those that they include.
struct PageTemplates: Sendable {
    private let templates: TemplateSet

    /// Compiles every `.html` file at the top of the theme, and of the defaults what it lacks.
    /// - Throws: `SiteError` for missing and empty templates, `TemplateError` for mistakes in them.
    init(_ theme: ThemeFiles) throws {
        let pages = PageKind.all.map(\.name)
        for page in pages where !theme.contains(page + ".html") {
            throw SiteError.missingTemplate(folder: theme.path, name: page + ".html")
        }
        templates = try TemplateSet(
            pages + Self.names(theme.names), known: Self.names(theme.known)
        ) { name in
            let file = name + ".html"
            guard theme.contains(file) else { return nil }
            let text = try theme.text(of: file)
            // An editor that was cut off leaves such a file, and an atlas of blank pages.
            if pages.contains(name), text.allSatisfy(\.isWhitespace) {
                throw SiteError.emptyTemplate(file: theme.place(of: file))
            }
            return TemplateSet.Source(text: text, file: theme.place(of: file))
        }
    }

    /// - Precondition: a kind of page is called `name`.
    subscript(name: String) -> Template {
        guard let template = templates[name] else {
            preconditionFailure("every kind of page has a template: init made sure")
        }
        return template
    }

    /// Styles, scripts and pictures that the templates name, `style.css` for `{{assets.style.css}}`.
    var assets: [String] { templates.names(in: "assets") }

    /// Names of templates among the files.
    private static func names(_ files: [String]) -> [String] {
        files.filter { $0.hasSuffix(".html") && !$0.contains("/") }.map { String($0.dropLast(5)) }
    }
}
