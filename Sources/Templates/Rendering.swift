import Messages

extension Template {
    /// The page as UTF-8 bytes.
    /// - Parameter values: a group, or several. A name that more than one of them has means that of the
    ///   last one.
    /// - Throws: `TemplateError` for a name that the page does not offer or that has the wrong
    ///   kind.
    package func rendered(_ values: Value..., capacity: Int = 16_384) throws -> [UInt8] {
        var rendering = Rendering(scopes: values)
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
            case .variable(let variable):
                let name = variable.name
                guard case .text(let text) = try value(of: name) else {
                    throw TemplateError(
                        name.place,
                        .wrongKind(name: name.written, kind: try value(of: name).kind))
                }
                if variable.isEscaped {
                    output.append(escapingHTML: text)
                } else {
                    output += text.utf8
                }
            case .fields: output.append(escapingHTML: FieldList(scopes).lines)
            case .section(let section):
                if output.count > Self.limit || steps > Self.stepLimit {
                    throw TemplateError(section.name.place, .writesTooMuch(limit: Self.limit))
                }
                try add(section, try value(of: section.name))
            }
        }
    }

    private mutating func add(_ section: Template.Section, _ value: Value) throws {
        if section.isInverted {
            if value.isEmpty { try add(section.body) }
            return
        }
        switch value {
        case .flag(let holds): if holds { try add(section.body) }
        case .text(let text): if !text.isEmpty { try add(section.body, in: value) }
        case .group, .fields: try add(section.body, in: value)
        case .list(let items): for item in items { try add(section.body, in: item) }
        }
    }

    private mutating func add(_ body: [Template.Segment], in scope: Value) throws {
        scopes.append(scope)
        defer { scopes.removeLast() }
        try add(body)
    }

    private func value(of name: Template.Name) throws -> Value {
        guard let first = name.first else { return scopes[scopes.count - 1] }
        for depth in scopes.indices.reversed() {
            guard var found = scopes[depth][first] else { continue }
            for part in name.rest {
                guard let inner = found[part] else { throw unknown(name, known: found.names, part) }
                found = inner
            }
            return found
        }
        throw unknown(name, known: scopes.flatMap(\.names), first)
    }

    private func unknown(_ name: Template.Name, known: [String], _ part: Template.Part) -> TemplateError {
        TemplateError(
            name.place,
            .unknownName(name: name.written, part: part.text, nearest: nearestWord(to: part.text, in: known)))
    }
}

extension Value {
    /// Whether the value is empty, so that an inverted section shows its content.
    fileprivate var isEmpty: Bool {
        switch self {
        case .text(let text): text.isEmpty
        case .flag(let holds): !holds
        case .list(let items): items.isEmpty
        case .group, .fields: false
        }
    }
}

extension [UInt8] {
    /// Adds a text escaped, so that HTML shows it literally, between tags and in quoted attributes.
    package mutating func append(escapingHTML text: String) {
        var text = text
        text.withUTF8 { bytes in
            var start = 0
            for (place, byte) in bytes.enumerated() where Self.isMarkup[Int(byte)] {
                append(contentsOf: bytes[start..<place])
                append(contentsOf: Self.escaped(byte))
                start = place + 1
            }
            // Most texts have nothing to escape, so they are copied in one step.
            append(contentsOf: bytes[start...])
        }
    }

    /// What stands for a byte that HTML would not show literally.
    private static func escaped(_ byte: UInt8) -> [UInt8] {
        switch byte {
        case UInt8(ascii: "&"): Array("&amp;".utf8)
        case UInt8(ascii: "<"): Array("&lt;".utf8)
        case UInt8(ascii: ">"): Array("&gt;".utf8)
        case UInt8(ascii: "\""): Array("&quot;".utf8)
        case UInt8(ascii: "'"): Array("&#39;".utf8)
        // HTML allows no other control characters; U+2400 to U+2421 are pictures of them.
        default: [0xE2, 0x90, byte == 0x7F ? 0xA1 : 0x80 + byte]
        }
    }

    /// Controls other than tab, line feed, form feed and carriage return.
    private static func isControl(_ byte: UInt8) -> Bool {
        byte < 0x20 && ![0x09, 0x0A, 0x0C, 0x0D].contains(byte) || byte == 0x7F
    }

    /// For each byte, whether it is escaped.
    private static let isMarkup = (UInt8.min...UInt8.max).map { byte in
        isControl(byte) || "&<>\"'".utf8.contains(byte)
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
