import Messages

/// Compiled templates that may include each other.
package struct TemplateSet: Sendable {
    private let templates: [String: Template]

    /// The text of a template.
    package struct Source: Sendable {
        package let text: String
        /// The name of its file in messages.
        package let file: String

        package init(text: String, file: String) {
            self.text = text
            self.file = file
        }
    }

    /// Compiles the templates `names` and those that they include.
    /// - Parameters:
    ///   - names: existing templates, named like their files without `.html`.
    ///   - known: more names, for suggestions when a name is unknown.
    ///   - source: returns the text of a template by its name; `nil` when it does not exist.
    /// - Throws: `TemplateError` for the first mistake, in the order of the names; any error of
    ///   `source`.
    package init(
        _ names: [String], known: [String] = [], source: (_ name: String) throws -> Source?
    ) throws {
        let known = Set(names + known).sorted()
        var templates: [String: Template] = [:]
        for name in Set(names).sorted() {
            _ = try Self.compiled(name, within: [], known, &templates, source)
        }
        self.templates = templates
    }

    /// The template with this name; `nil` when it does not exist.
    package subscript(name: String) -> Template? { templates[name] }

    /// The names that the templates use from the group `group`, sorted. `{{assets.style.css}}` uses
    /// `style.css` from `assets`.
    package func names(in group: String) -> [String] {
        Set(templates.values.flatMap { $0.names(in: group) }).sorted()
    }

    /// - Parameter done: templates that are compiled already. The new ones are added.
    /// - Returns: `nil` when there is no template with this name.
    private static func compiled(
        _ name: String, within outer: [String], _ known: [String],
        _ done: inout [String: Template], _ source: (String) throws -> Source?
    ) throws -> Template? {
        if let template = done[name] { return template }
        guard let found = try source(name) else { return nil }
        let chain = outer + [name]
        let template = try Template(compiling: found.text, file: found.file) { partial, tag in
            guard !chain.contains(partial) else {
                throw TemplateError(tag, .partialCycle(names: chain + [partial]))
            }
            guard chain.count < Template.depthLimit else {
                throw TemplateError(tag, .nestedTooDeep(limit: Template.depthLimit))
            }
            guard let inner = try compiled(partial, within: chain, known, &done, source) else {
                let nearest = nearestWord(to: partial, in: known)
                throw TemplateError(tag, .unknownPartial(name: partial, nearest: nearest))
            }
            return inner
        }
        done[name] = template
        return template
    }
}
