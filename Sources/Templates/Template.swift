/// A compiled template: bytes to copy and tags to fill.
///
/// The language is a subset of Mustache (mustache.github.io, spec 1.3): `{{name}}` with HTML
/// escaped, `{{{name}}}` without escaping, `{{#name}} … {{/name}}`, `{{^name}} … {{/name}}`, `{{>
/// partial}}`, `{{! comment}}`, `{{a.b}}` and `{{.}}`. A tag that is alone on its line removes the
/// whole line. `{{?}}` lists the names that are offered at its position, for authors of templates.
///
/// It differs from Mustache in two ways. A name that a page does not offer is an error.
/// Indentation, and line breaks between two tags, are removed from the page, because an atlas has
/// tens of thousands of pages; in `pre`, `textarea`, `script` and `style` they stay.
package struct Template: Sendable {
    let program: Program
    /// Number of sections and templates that are inside one another.
    let depth: Int
    /// About the number of bytes in memory.
    let size: Int

    /// The position of a tag.
    struct Place: Sendable, Equatable {
        let file: String
        let line: Int
    }

    /// A part of a name, between dots.
    struct Part: Sendable, Equatable {
        let text: String
        let symbol: Symbol

        init(_ text: String) {
            self.text = text
            symbol = Symbol(text)
        }
    }

    /// A name in a tag: `a.b` has two parts, and `.` has none.
    struct Name: Sendable, Equatable {
        /// The first part; `nil` for `.`.
        let first: Part?
        /// The parts after the first.
        let rest: [Part]
        let place: Place

        init(parts: [String], place: Place) {
            first = parts.first.map(Part.init)
            rest = parts.dropFirst().map(Part.init)
            self.place = place
        }

        var parts: [String] { (first.map { [$0] + rest } ?? []).map(\.text) }

        var written: String { first == nil ? "." : parts.joined(separator: ".") }
    }
}

extension Template {
    /// Compiles a file.
    /// - Parameters:
    ///   - text: its content.
    ///   - file: its name, for messages.
    ///   - partial: returns another file, for `{{> name}}`.
    /// - Throws: `TemplateError`.
    init(
        compiling text: String, file: String,
        partial: (_ name: String, _ place: Place) throws -> Template
    ) throws {
        // Editors add a line end to the last line, but a partial in the middle of a line must not
        // break the line.
        let text = text.hasSuffix("\n") ? String(text.dropLast()) : text
        let scanned = try TemplateScanner(text: text, file: file).tokens()
        var body = Body(tokens: scanned[...])
        try body.read(closing: nil, depth: 0, partial)
        program = body.program
        depth = body.deepest
        size = body.size
    }

    /// Sections and templates may be this deep inside one another.
    static let depthLimit = 100
    /// Most bytes of a template with those that it includes.
    static let sizeLimit = 16_000_000

    /// The tokens of a file while they become a program.
    private struct Body {
        var tokens: ArraySlice<TemplateToken>
        var program = Program()
        /// The deepest level so far.
        var deepest = 0
        /// Bytes so far. A tag counts as `tagSize`.
        var size = 0

        /// About the memory that a tag needs.
        private static let tagSize = 64

        /// Adds what the tokens up to the end of a section say, or all tokens if no section is open.
        mutating func read(
            closing open: Name?, depth: Int, _ partial: (String, Place) throws -> Template
        ) throws {
            deepest = max(deepest, depth)
            while let token = tokens.popFirst() {
                size += Self.tagSize
                switch token {
                case .text(let bytes):
                    size += bytes.count
                    program.addLiteral(bytes)
                case .variable(let name, let escaped):
                    program.addVariable(name, isEscaped: escaped)
                case .open(let name, let inverted):
                    try check(depth + 1, at: name.place)
                    let place = program.beginSection(name, isInverted: inverted)
                    try read(closing: name, depth: depth + 1, partial)
                    program.endSection(place)
                case .fields: program.addFields()
                case .partial(let name, let place):
                    let inner = try partial(name, place)
                    size += inner.size
                    try check(depth + 1 + inner.depth, at: place)
                    program.add(inner.program)
                case .close(let name):
                    guard let open, open.parts == name.parts else {
                        throw TemplateError(
                            name.place, .strayEnd(name: name.written, open: open?.written))
                    }
                    return
                }
            }
            if let open { throw TemplateError(open.place, .endMissing(name: open.written)) }
        }

        private mutating func check(_ depth: Int, at place: Place) throws {
            deepest = max(deepest, depth)
            if depth > Template.depthLimit {
                throw TemplateError(place, .nestedTooDeep(limit: Template.depthLimit))
            }
            if size > Template.sizeLimit {
                throw TemplateError(place, .includesTooMuch(limit: Template.sizeLimit))
            }
        }
    }
}

extension Template {
    /// The names that the template uses from the group `group`, without the name of the group:
    /// `style.css` for `{{assets.style.css}}` and `assets`. A name may occur more than once.
    package func names(in group: String) -> [String] {
        program.names.flatMap { $0.inner(of: group) }
    }

    /// Whether a tag of the template begins with a name: `{{#a.b}}` with `a`.
    package func uses(_ name: String) -> Bool { program.names.contains { $0.first?.text == name } }
}

extension Template.Name {
    /// The name without its first part, if that part is `group`.
    fileprivate func inner(of group: String) -> [String] {
        parts.first == group && parts.count > 1 ? [parts.dropFirst().joined(separator: ".")] : []
    }
}
