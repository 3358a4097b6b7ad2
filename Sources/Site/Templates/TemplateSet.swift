import AtlasModel

/// The compiled templates of a folder.
struct TemplateSet: Sendable {
    private let templates: [String: Template]

    /// Kinds of pages, each with a template of its name.
    enum Page: String, CaseIterable {
        case index, rock, image, models, similarity, disputed, text, errata, review
    }

    /// Compiles every `.html` file at the top of the folder.
    /// - Throws: `SiteError` for missing and empty templates and mistakes in them.
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
        var templates: [String: Template] = [:]
        for name in sources.keys.sorted() {
            templates[name] = try Self.compiled(
                name, within: [], sources, place: { folder.place(of: $0) })
        }
        self.templates = templates
    }

    subscript(page: Page) -> Template {
        guard let template = templates[page.rawValue] else {
            preconditionFailure("every kind of page has a template: init made sure")
        }
        return template
    }

    private static func compiled(
        _ name: String, within outer: [String], _ sources: [String: String],
        place: (String) -> String
    ) throws -> Template {
        let chain = outer + [name]
        return try Template(compiling: sources[name, default: ""], file: place(name + ".html")) {
            partial, tag in
            guard sources[partial] != nil else {
                let nearest = nearestWord(to: partial, in: sources.keys.sorted())
                throw SiteError.template(tag, .unknownPartial(name: partial, nearest: nearest))
            }
            guard !chain.contains(partial) else {
                throw SiteError.template(tag, .partialCycle(names: chain + [partial]))
            }
            return try compiled(partial, within: chain, sources, place: place).segments
        }
    }
}
