import Messages

/// The templates of a folder, compiled once.
public struct TemplateSet: Sendable {
    private let templates: [String: Template]

    /// - Parameters:
    ///   - sources: the text of each template by its name, the file's without `.html`.
    ///   - place: what messages call a file, given its name with `.html`.
    /// - Throws: `TemplateError` for the first mistake, in the order of the names.
    public init(_ sources: [String: String], place: (_ file: String) -> String) throws {
        var templates: [String: Template] = [:]
        for name in sources.keys.sorted() {
            templates[name] = try Self.compiled(name, within: [], sources, place: place)
        }
        self.templates = templates
    }

    /// The template called `name`; `nil` when there is none.
    public subscript(name: String) -> Template? { templates[name] }

    private static func compiled(
        _ name: String, within outer: [String], _ sources: [String: String],
        place: (String) -> String
    ) throws -> Template {
        let chain = outer + [name]
        return try Template(compiling: sources[name, default: ""], file: place(name + ".html")) {
            partial, tag in
            guard sources[partial] != nil else {
                let nearest = nearestWord(to: partial, in: sources.keys.sorted())
                throw TemplateError(tag, .unknownPartial(name: partial, nearest: nearest))
            }
            guard !chain.contains(partial) else {
                throw TemplateError(tag, .partialCycle(names: chain + [partial]))
            }
            return try compiled(partial, within: chain, sources, place: place).segments
        }
    }
}
