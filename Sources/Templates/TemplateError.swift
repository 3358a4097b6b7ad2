/// A mistake in a template, with its file and line.
package struct TemplateError: Error, Equatable, CustomStringConvertible {
    package let file: String
    package let line: Int
    package let mistake: TemplateMistake

    package init(file: String, line: Int, _ mistake: TemplateMistake) {
        self.file = file
        self.line = line
        self.mistake = mistake
    }

    init(_ place: Template.Place, _ mistake: TemplateMistake) {
        self.init(file: place.file, line: place.line, mistake)
    }

    package var description: String { "\(file), line \(line): \(mistake)" }
}

/// The kinds of mistakes in a template.
package enum TemplateMistake: Error, Equatable, CustomStringConvertible {
    case tagNotClosed
    case noName(written: String)
    case endMissing(name: String)
    case strayEnd(name: String, open: String?)
    case unknownName(name: String, part: String, nearest: String?)
    case wrongKind(name: String, kind: String)
    case unknownPartial(name: String, nearest: String?)
    case partialCycle(names: [String])
    /// Sections inside sections, or templates inside templates; `limit` of them are allowed.
    case nestedTooDeep(limit: Int)
    /// Templates that include others, which together make more than `limit` bytes.
    case includesTooMuch(limit: Int)
    /// Sections inside sections that repeat their content without end.
    case writesTooMuch(limit: Int)

    package var description: String {
        switch self {
        case .tagNotClosed: "a tag begins with {{ and does not end. Close it with }}."
        case .noName(let written):
            "\"\(written)\" is no name. Names are made of letters, digits, \"-\" and \"_\"."
        case .endMissing(let name):
            "the section {{#\(name)}} does not end. Close it with {{/\(name)}}."
        case .strayEnd(let name, let open?):
            "{{/\(name)}} stands where {{/\(open)}} should. Close sections in the order they opened."
        case .strayEnd(let name, nil):
            "{{/\(name)}} closes a section that is not open. Remove it, or open {{#\(name)}} before it."
        case .unknownName(let name, let part, let nearest):
            "this page offers no {{\(name)}}."
                + (nearest.map { " Did you mean \"\($0)\" for \"\(part)\"?" } ?? " Remove the tag.")
        case .wrongKind(let name, let kind):
            "{{\(name)}} is \(kind), not a text. Open it with {{#\(name)}}."
        case .unknownPartial(let name, let nearest):
            "there is no template \(name).html for {{>\(name)}}."
                + (nearest.map { " Did you mean {{>\($0)}}?" }
                    ?? " Add the file, or remove the tag.")
        case .partialCycle(let names):
            "\(names.joined(separator: " → ")): templates include one another in a circle. Take one out."
        case .nestedTooDeep(let limit):
            "more than \(limit) sections or templates are inside one another. Take some out."
        case .includesTooMuch(let limit):
            "with the templates that it includes, this template is larger than "
                + "\(limit / 1_000_000) MB. Include fewer, or each one only once."
        case .writesTooMuch(let limit):
            "the page would be larger than \(limit / 1_000_000) MB. A section repeats itself: "
                + "take one of the sections inside it out."
        }
    }
}
