import Templates

/// The templates of a theme: one for each kind of page, and those that they include.
struct PageTemplates: Sendable {
    private let templates: TemplateSet

    /// Kinds of pages, each with a template of its name.
    enum Page: String, CaseIterable {
        case index, rock, image, models, similarity, disputed, text, errata, review
    }

    /// Compiles every `.html` file at the top of the folder.
    /// - Throws: `SiteError` for missing and empty templates, `TemplateError` for mistakes in them.
    init(folder: Folder) throws {
        var sources: [String: String] = [:]
        for file in folder.names where file.hasSuffix(".html") && !file.contains("/") {
            sources[String(file.dropLast(5))] = try folder.text(of: file)
        }
        for page in Page.allCases {
            let name = page.rawValue + ".html"
            guard let source = sources[page.rawValue] else {
                throw SiteError.missingTemplate(folder: folder.path, name: name)
            }
            // An editor that was cut off leaves such a file, and an atlas of blank pages.
            guard !source.allSatisfy(\.isWhitespace) else {
                throw SiteError.emptyTemplate(file: folder.place(of: name))
            }
        }
        templates = try TemplateSet(sources) { folder.place(of: $0) }
    }

    subscript(page: Page) -> Template {
        guard let template = templates[page.rawValue] else {
            preconditionFailure("every kind of page has a template: init made sure")
        }
        return template
    }
}
