import Messages

extension Template {
    /// The page as UTF-8 bytes.
    /// - Parameter values: a group, or several. A name that more than one of them has means that of the
    ///   last one.
    /// - Throws: `TemplateError` for a name that the page does not offer or that has the wrong
    ///   kind.
    package func rendered(_ values: Value..., capacity: Int = 16_384) throws -> [UInt8] {
        var rendering = Rendering(program, scopes: values.map(Scope.init))
        rendering.output.reserveCapacity(capacity)
        try rendering.run(program.steps.indices)
        return rendering.output
    }
}

/// A group in which names are looked up.
private struct Scope {
    let value: Value
    /// The names of the value, which keeps them, if it makes its values when they are asked for. Not counted as a
    /// reference, because most lookups find nothing.
    private let names: Unmanaged<FieldNames>?

    init(_ value: Value) {
        self.value = value
        if case .fields(let fields) = value {
            names = .passUnretained(fields.names)
        } else {
            names = nil
        }
    }

    /// The value of a name.
    /// - Parameter part: the name itself, which is needed less often than its symbol.
    func value(of symbol: Symbol, _ part: @autoclosure () -> Template.Part?) -> Value? {
        guard let names else { return part().flatMap { value[$0] } }
        guard let place = names._withUnsafeGuaranteedRef({ $0.place(of: symbol) }),
            case .fields(let fields) = value
        else { return nil }
        return fields.value(at: place)
    }
}

/// The state of rendering a page.
private struct Rendering {
    private let program: Program
    /// Outermost first.
    private var scopes: [Scope]
    var output: [UInt8] = []
    /// Number of steps so far.
    private var count = 0

    /// Most bytes of a page: sections inside sections may repeat a list for each of its items.
    private static let limit = 50_000_000
    /// Most steps, which take time although they may write nothing.
    private static let stepLimit = 5_000_000

    init(_ program: Program, scopes: [Scope]) {
        self.program = program
        self.scopes = scopes
    }

    mutating func run(_ steps: Range<Int>) throws {
        var next = steps.lowerBound
        while next < steps.upperBound {
            let step = program.steps[next]
            next += 1
            count += 1
            switch step {
            case .literal(let range):
                program.bytes.withUnsafeBufferPointer { bytes in
                    output.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[range]))
                }
            case .variable(let tag, let isEscaped):
                guard case .text(let text) = try value(of: tag) else {
                    let name = program.names[tag]
                    throw TemplateError(
                        name.place,
                        .wrongKind(name: name.written, kind: try value(of: tag).kind))
                }
                if isEscaped {
                    output.append(escapingHTML: text)
                } else {
                    output += text.utf8
                }
            case .fields:
                output.append(escapingHTML: FieldList(scopes.map(\.value)).lines)
            case .section(let tag, let isInverted, let end):
                if output.count > Self.limit || count > Self.stepLimit {
                    throw TemplateError(
                        program.names[tag].place, .writesTooMuch(limit: Self.limit))
                }
                try run(next..<end, for: try value(of: tag), isInverted: isInverted)
                next = end
            }
        }
    }

    /// Runs the steps inside a section.
    private mutating func run(_ steps: Range<Int>, for value: Value, isInverted: Bool) throws {
        if isInverted {
            if value.isEmpty { try run(steps) }
            return
        }
        switch value {
        case .flag(let holds): if holds { try run(steps) }
        case .text(let text): if !text.isEmpty { try run(steps, in: value) }
        case .group, .fields: try run(steps, in: value)
        case .list(let items): for item in items { try run(steps, in: item) }
        }
    }

    private mutating func run(_ steps: Range<Int>, in value: Value) throws {
        scopes.append(Scope(value))
        defer { scopes.removeLast() }
        try run(steps)
    }

    private func value(of tag: Int) throws -> Value {
        guard let symbol = program.symbols[tag] else { return scopes[scopes.count - 1].value }
        for depth in scopes.indices.reversed() {
            guard var found = scopes[depth].value(of: symbol, program.names[tag].first)
            else { continue }
            // Most names have one part, and are not copied.
            if program.names[tag].rest.isEmpty { return found }
            let name = program.names[tag]
            for part in name.rest {
                guard let inner = found[part] else {
                    throw unknown(name, known: found.names, part.text)
                }
                found = inner
            }
            return found
        }
        let name = program.names[tag]
        throw unknown(name, known: scopes.flatMap(\.value.names), name.parts[0])
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
        case .group, .fields: false
        }
    }
}

extension [UInt8] {
    /// Adds a text escaped, so that HTML shows it literally, between tags and in quoted attributes.
    package mutating func append(escapingHTML text: String) {
        var text = text
        text.withUTF8 { bytes in
            Self.isMarkup.withUnsafeBufferPointer { isMarkup in
                var start = 0
                for place in bytes.indices where isMarkup[Int(bytes[place])] {
                    append(contentsOf: bytes[start..<place])
                    append(contentsOf: Self.escaped(bytes[place]))
                    start = place + 1
                }
                // Most texts have nothing to escape, so they are copied in one step.
                append(contentsOf: UnsafeBufferPointer(rebasing: bytes[start...]))
            }
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
