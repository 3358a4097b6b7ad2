/// A piece of a template file.
enum TemplateToken {
    case text([UInt8])
    case variable(Template.Name, escaped: Bool)
    case open(Template.Name, inverted: Bool)
    case close(Template.Name)
    case partial(String, Template.Place)
    case fields
}

/// Divides a template file into text and tags.
struct TemplateScanner {
    private let bytes: [UInt8]
    private let file: String
    /// Ranges of the elements in which white space is significant.
    private let kept: [Range<Int>]

    init(text: String, file: String) {
        bytes = Array(text.utf8)
        self.file = file
        kept = text.matches(
            of: /(?is)<(pre|textarea|script|style)\b.*?(?:<\/\1\b|$)/
        ).map {
            text.utf8.distance(
                from: text.startIndex, to: $0.range.lowerBound)..<text.utf8.distance(
                    from: text.startIndex, to: $0.range.upperBound)
        }
    }

    func tokens() throws -> [TemplateToken] {
        var tokens: [TemplateToken] = []
        var position = 0
        var line = 1
        while let start = next("{{", from: position) {
            line += newlines(position..<start)
            let tag = try tag(at: start, line: line)
            let alone = tag.ownsLine ? wholeLine(around: start..<tag.end) : nil
            append(position..<(alone?.lowerBound ?? start), to: &tokens)
            if let token = tag.token { tokens.append(token) }
            line += newlines(start..<(alone?.upperBound ?? tag.end))
            position = alone?.upperBound ?? tag.end
        }
        append(position..<bytes.count, to: &tokens)
        return tokens
    }

    private struct Tag {
        /// `nil` for a comment.
        let token: TemplateToken?
        let end: Int
        /// Whether the whole line is removed when the tag is alone on it. True for all tags except
        /// variables.
        let ownsLine: Bool
    }

    private func tag(at start: Int, line: Int) throws -> Tag {
        let place = Template.Place(file: file, line: line)
        let triple = bytes[start...].starts(with: "{{{".utf8)
        let close = triple ? "}}}" : "}}"
        let inside = start + close.utf8.count
        guard let end = next(close, from: inside) else {
            throw TemplateError(place, .tagNotClosed)
        }
        let written = String(decoding: bytes[inside..<end], as: UTF8.self)
        let after = end + close.utf8.count
        if triple {
            return Tag(
                token: .variable(try name(written, place), escaped: false), end: after,
                ownsLine: false)
        }
        let rest = String(written.dropFirst())
        let token: TemplateToken? =
            switch written.first {
            case "!": nil
            case "?": .fields
            case "#": .open(try name(rest, place), inverted: false)
            case "^": .open(try name(rest, place), inverted: true)
            case "/": .close(try name(rest, place))
            case ">": .partial(try name(rest, place).written, place)
            default: .variable(try name(written, place), escaped: true)
            }
        if case .variable = token { return Tag(token: token, end: after, ownsLine: false) }
        return Tag(token: token, end: after, ownsLine: true)
    }

    private func name(_ written: String, _ place: Template.Place) throws -> Template.Name {
        let word = written.split(separator: " ").joined(separator: " ")
        if word == "." { return Template.Name(parts: [], place: place) }
        let parts = word.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        let isName = parts.allSatisfy { part in
            !part.isEmpty
                && part.utf8.allSatisfy {
                    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0 | 0x20)
                        || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
                        || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_")
                }
        }
        guard isName else { throw TemplateError(place, .noName(written: written)) }
        return Template.Name(parts: parts, place: place)
    }

    /// The line of a tag, with its line end, if the line contains only blanks besides the tag;
    /// otherwise `nil`.
    private func wholeLine(around tag: Range<Int>) -> Range<Int>? {
        var first = tag.lowerBound
        while first > 0, isBlank(bytes[first - 1]) { first -= 1 }
        guard first == 0 || bytes[first - 1] == UInt8(ascii: "\n") else { return nil }
        var last = tag.upperBound
        while last < bytes.count, isBlank(bytes[last]) { last += 1 }
        if last == bytes.count { return first..<last }
        return bytes[last] == UInt8(ascii: "\n") ? first..<last + 1 : nil
    }

    /// Adds a text without indentation and without the line breaks between tags.
    private func append(_ range: Range<Int>, to tokens: inout [TemplateToken]) {
        guard !range.isEmpty else { return }
        var text: [UInt8] = []
        text.reserveCapacity(range.count)
        var indenting = range.lowerBound == 0 || bytes[range.lowerBound - 1] == UInt8(ascii: "\n")
        for place in range {
            let byte = bytes[place]
            if !kept.contains(where: { $0.contains(place) }) {
                if indenting, isBlank(byte) { continue }
                if byte == UInt8(ascii: "\n"), isBetweenTags(place) {
                    indenting = true
                    continue
                }
            }
            indenting = byte == UInt8(ascii: "\n")
            text.append(byte)
        }
        if !text.isEmpty { tokens.append(.text(text)) }
    }

    /// Whether a line break is between two tags, of HTML or of the template. A variable counts as
    /// text.
    private func isBetweenTags(_ place: Int) -> Bool {
        func isSpace(_ byte: UInt8) -> Bool { isBlank(byte) || byte == UInt8(ascii: "\n") }
        var before = place - 1
        while before >= 0, isSpace(bytes[before]) { before -= 1 }
        var after = place + 1
        while after < bytes.count, isSpace(bytes[after]) { after += 1 }
        guard before >= 0, after < bytes.count else { return true }
        let begins = bytes[after] == UInt8(ascii: "<") || isStructure(at: after)
        if bytes[before] == UInt8(ascii: ">") { return begins }
        guard begins, bytes[before] == UInt8(ascii: "}") else { return false }
        return (0..<before).last { bytes[$0...].starts(with: "{{".utf8) }.map(isStructure) ?? false
    }

    /// Whether a tag of the template that writes no text itself begins here.
    private func isStructure(at place: Int) -> Bool {
        bytes[place...].starts(with: "{{".utf8) && place + 2 < bytes.count
            && "#^/>!".utf8.contains(bytes[place + 2])
    }

    private func isBlank(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\r")
    }

    private func newlines(_ range: Range<Int>) -> Int {
        bytes[range].count { $0 == UInt8(ascii: "\n") }
    }

    private func next(_ mark: String, from start: Int) -> Int? {
        let mark = Array(mark.utf8)
        guard bytes.count >= start + mark.count else { return nil }
        return (start...bytes.count - mark.count).first { bytes[$0...].starts(with: mark) }
    }
}
