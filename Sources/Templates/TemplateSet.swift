import Messages

/// Templates that include one another, compiled once.
package struct TemplateSet: Sendable {
    private let templates: [String: Template]

    /// The text of a template.
    package struct Source: Sendable {
        package let text: String
        /// What messages call its file.
        package let file: String

        package init(text: String, file: String) {
            self.text = text
            self.file = file
        }
    }

    /// Compiles `names` and what they include.
    /// - Parameters:
    ///   - names: of templates that there are, the files' without `.html`.
    ///   - known: further names that an unknown one may have been meant for.
    ///   - source: the text of a template by its name; `nil` when there is none.
    /// - Throws: `TemplateError` for the first mistake, in the order of the names; what `source`
    ///   throws.
    package init(
        _ names: [String], known: [String] = [], source: (_ name: String) throws -> Source?
    ) throws {
        let known = Set(names + known).sorted()
        var templates: [String: Template] = [:]
        for name in Set(names).sorted() {
            templates[name] = try Self.compiled(name, within: [], known, source)
        }
        self.templates = templates
    }

    /// The template called `name`; `nil` when there is none.
    package subscript(name: String) -> Template? { templates[name] }

    /// What the templates take from the group `group`: `{{assets.style.css}}` takes `style.css` from
    /// `assets`. Sorted.
    package func names(in group: String) -> [String] {
        Set(templates.values.flatMap { $0.names(in: group) }).sorted()
    }

    /// - Returns: `nil` when there is no template called `name`.
    private static func compiled(
        _ name: String, within outer: [String], _ known: [String],
        _ source: (String) throws -> Source?
    ) throws -> Template? {
        guard let found = try source(name) else { return nil }
        let chain = outer + [name]
        return try Template(compiling: found.text, file: found.file) { partial, tag in
            guard !chain.contains(partial) else {
                throw TemplateError(tag, .partialCycle(names: chain + [partial]))
            }
            guard let inner = try compiled(partial, within: chain, known, source) else {
                let nearest = nearestWord(to: partial, in: known)
                throw TemplateError(tag, .unknownPartial(name: partial, nearest: nearest))
            }
            return inner.segments
        }
    }
}
