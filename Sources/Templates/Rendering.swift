import Messages

extension Template {
    /// The page as UTF-8 bytes.
    /// - Parameter values: a group.
    /// - Throws: `TemplateError` for a name that the page does not offer or that has the wrong
    ///   kind.
    package func rendered(_ values: Value, capacity: Int = 16_384) throws -> [UInt8] {
        var rendering = Rendering(scopes: [values])
        rendering.output.reserveCapacity(capacity)
        try rendering.add(segments)
        return rendering.output
    }
}

/// The state of rendering a page.
private struct Rendering {
    /// The groups in which names are looked up, outermost first.
    var scopes: [Value]
    var output: [UInt8] = []
    /// Number of segments so far.
    private var steps = 0

    /// Most bytes of a page: sections inside sections may repeat a list for each of its items.
    private static let limit = 50_000_000
    /// Most segments, which take time although they may write nothing.
    private static let stepLimit = 5_000_000

    init(scopes: [Value]) { self.scopes = scopes }

    mutating func add(_ segments: [Template.Segment]) throws {
        for segment in segments {
            steps += 1
            switch segment {
            case .literal(let bytes): output += bytes
            case .variable(let name, let escaped):
                guard case .text(let text) = try value(of: name) else {
                    throw TemplateError(
                        name.place,
                        .wrongKind(name: name.written, kind: try value(of: name).kind))
                }
                if escaped { output.append(escapingHTML: text) } else { output += text.utf8 }
            case .fields: output.append(escapingHTML: FieldList(scopes).lines)
            case .section(let name, let inverted, let body):
                if output.count > Self.limit || steps > Self.stepLimit {
                    throw TemplateError(name.place, .writesTooMuch(limit: Self.limit))
                }
                try addSection(try value(of: name), inverted, body)
            }
        }
    }

    private mutating func addSection(
        _ value: Value, _ inverted: Bool, _ body: [Template.Segment]
    ) throws {
        if inverted {
            if value.isEmpty { try add(body) }
            return
        }
        switch value {
        case .flag(let holds): if holds { try add(body) }
        case .text(let text): if !text.isEmpty { try add(body, in: value) }
        case .group: try add(body, in: value)
        case .list(let items): for item in items { try add(body, in: item) }
        }
    }

    private mutating func add(_ body: [Template.Segment], in scope: Value) throws {
        scopes.append(scope)
        defer { scopes.removeLast() }
        try add(body)
    }

    private func value(of name: Template.Name) throws -> Value {
        guard let first = name.parts.first else { return scopes[scopes.count - 1] }
        for depth in scopes.indices.reversed() {
            guard var found = scopes[depth][first] else { continue }
            for part in name.parts.dropFirst() {
                guard let inner = found[part] else { throw unknown(name, known: found.names, part) }
                found = inner
            }
            return found
        }
        throw unknown(name, known: scopes.flatMap(\.names), first)
    }

    private func unknown(_ name: Template.Name, known: [String], _ part: String) -> TemplateError {
        TemplateError(
            name.place,
            .unknownName(name: name.written, part: part, nearest: nearestWord(to: part, in: known)))
    }
}

extension Value {
    /// Whether the value is empty, so that an inverted section shows its content.
    fileprivate var isEmpty: Bool {
        switch self {
        case .text(let text): text.isEmpty
        case .flag(let holds): !holds
        case .list(let items): items.isEmpty
        case .group: false
        }
    }
}

extension [UInt8] {
    /// Adds a text escaped, so that HTML shows it literally, between tags and in quoted attributes.
    package mutating func append(escapingHTML text: String) {
        // Most texts have nothing to escape, so they are copied in one step.
        guard text.utf8.contains(where: Self.isMarkup) else {
            self += text.utf8
            return
        }
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "&"): self += "&amp;".utf8
            case UInt8(ascii: "<"): self += "&lt;".utf8
            case UInt8(ascii: ">"): self += "&gt;".utf8
            case UInt8(ascii: "\""): self += "&quot;".utf8
            case UInt8(ascii: "'"): self += "&#39;".utf8
            case let byte where Self.isControl(byte):
                // HTML allows no other control characters; U+2400 to U+2421 are pictures of them.
                append(contentsOf: [0xE2, 0x90, byte == 0x7F ? 0xA1 : 0x80 + byte])
            default: append(byte)
            }
        }
    }

    /// Controls other than tab, line feed, form feed and carriage return.
    private static func isControl(_ byte: UInt8) -> Bool {
        byte < 0x20 && ![0x09, 0x0A, 0x0C, 0x0D].contains(byte) || byte == 0x7F
    }

    private static func isMarkup(_ byte: UInt8) -> Bool {
        if byte < 0x20 || byte == 0x7F { return isControl(byte) }
        // The range from the double quotation mark to the greater-than sign.
        guard (0x22...0x3E).contains(byte) else { return false }
        return byte == UInt8(ascii: "&") || byte == UInt8(ascii: "<") || byte == UInt8(ascii: ">")
            || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'")
    }
}

extension String {
    /// The text with `&`, `<`, `>` and both quotation marks escaped, for HTML that is made in code.
    ///
    ///     "a < b".escapedHTML  // "a &lt; b"
    package var escapedHTML: String {
        var bytes: [UInt8] = []
        bytes.append(escapingHTML: self)
        return String(decoding: bytes, as: UTF8.self)
    }
}
