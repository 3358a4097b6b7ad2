/// Finds the addresses in a page, and the fragments that links to it may use.
///
/// One pass over the bytes. It follows the tokenizer of the HTML standard (13.2.5) as far as links
/// need it: comments, raw text of scripts and styles, the three ways to quote a value, character
/// references. SVG files are read in the same way.
package struct LinkScanner {
    /// An address in a page, with character references resolved.
    package struct Link: Hashable {
        package enum Kind {
            /// A link that a reader follows: an `<a>`.
            case way
            /// Loaded with the page, or the address that a form or a ping sends data to.
            case resource
        }
        package let address: String
        package let kind: Kind
    }

    package private(set) var links: [Link] = []
    /// Values of `id`, and of `name` on `<a>`.
    package private(set) var places: Set<String> = []
    /// Whether a `<base>` changes the base of all addresses.
    package private(set) var hasBase = false

    private let bytes: [UInt8]
    private var at = 0
    /// Number of open `<svg>` elements. Inside them, `<title>` and similar elements contain other
    /// elements.
    private var drawings = 0

    package init(html bytes: [UInt8]) {
        self.bytes = bytes
        scan()
    }

    private mutating func scan() {
        while let open = next(of: UInt8(ascii: "<"), from: at) {
            at = open + 1
            guard at < bytes.count else { return }
            switch bytes[at] {
            case UInt8(ascii: "!"): skipComment()
            case UInt8(ascii: "?"): skip(past: ">")
            case UInt8(ascii: "/"):
                at += 1
                endTag()
            case let letter where letter.isLetter: startTag()
            default: continue
            }
        }
    }

    private mutating func endTag() {
        guard at < bytes.count, bytes[at].isLetter else { return skip(past: ">") }
        let name = tagName()
        while attribute() != nil {}
        if name == "svg" { drawings = max(0, drawings - 1) }
    }

    private mutating func startTag() {
        let name = tagName()
        var attributes: [Attribute] = []
        while let attribute = attribute() { attributes.append(attribute) }
        // `attribute()` stops after the `>`.
        let closesItself = at >= 2 && at <= bytes.count && bytes[at - 2] == UInt8(ascii: "/")
        note(attributes, of: name)
        if name == "svg", !closesItself { drawings += 1 }
        if drawings > 0, closesItself { return }
        switch name {
        case "script": skipScript()
        case "style": styleSheet()
        case "textarea", "title", "xmp", "iframe", "noembed", "noframes":
            if drawings == 0 { at = endOfText(name) }
        default: break
        }
    }

    // MARK: What is skipped

    private mutating func skipComment() {
        guard starts("!--", at: at) else { return skip(past: ">") }
        at += 3
        // `<!-->` and `<!--->` are whole comments.
        if starts(">", at: at) || starts("->", at: at) { return skip(past: ">") }
        while let dash = next(of: UInt8(ascii: "-"), from: at) {
            at = dash + 1
            if starts("->", at: at) || starts("-!>", at: at) { return skip(past: ">") }
        }
        at = bytes.count
    }

    private mutating func skip(past character: Unicode.Scalar) {
        at = next(of: UInt8(ascii: character), from: at).map { $0 + 1 } ?? bytes.count
    }

    /// Skips to the end of a script. Between `<!--` and `-->`, an inner `<script>` is closed by the
    /// next `</script>` (script data double escaped state).
    private mutating func skipScript() {
        var isEscaped = false
        var isInner = false
        while at < bytes.count {
            if starts("<!--", at: at) {
                isEscaped = true
                at += 2
            } else if isEscaped, starts("-->", at: at) {
                (isEscaped, isInner) = (false, false)
                at += 3
            } else if isEscaped, !isInner, startsTag("<script", at: at) {
                isInner = true
                at += 7
            } else if startsTag("</script", at: at) {
                guard isInner else { return }
                isInner = false
                at += 8
            } else {
                at += 1
            }
        }
    }

    /// The end of the raw text of element `name`.
    private func endOfText(_ name: String) -> Int {
        var open = next(of: UInt8(ascii: "<"), from: at)
        while let found = open {
            if startsTag("</" + name, at: found) { return found }
            open = next(of: UInt8(ascii: "<"), from: found + 1)
        }
        return bytes.count
    }

    private mutating func styleSheet() {
        let end = endOfText("style")
        noteStyle(bytes[at..<end])
        at = end
    }

    // MARK: Tags

    private struct Attribute {
        let name: String
        let value: Range<Int>
    }

    private mutating func tagName() -> String {
        let start = at
        while at < bytes.count, !bytes[at].isSpace, bytes[at] != UInt8(ascii: "/"),
            bytes[at] != UInt8(ascii: ">")
        { at += 1 }
        return lowercased(start..<at)
    }

    /// The next attribute; `nil` after the end of the tag.
    private mutating func attribute() -> Attribute? {
        while at < bytes.count, bytes[at].isSpace || bytes[at] == UInt8(ascii: "/") { at += 1 }
        guard at < bytes.count, bytes[at] != UInt8(ascii: ">") else {
            at = min(at + 1, bytes.count)
            return nil
        }
        let start = at
        repeat { at += 1 } while at < bytes.count && !bytes[at].endsAttributeName
        let name = lowercased(start..<at)
        skipSpace()
        guard at < bytes.count, bytes[at] == UInt8(ascii: "=") else {
            return Attribute(name: name, value: at..<at)
        }
        at += 1
        skipSpace()
        return Attribute(name: name, value: value())
    }

    private mutating func value() -> Range<Int> {
        guard at < bytes.count else { return at..<at }
        let quote = bytes[at]
        if quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") {
            let start = at + 1
            let end = next(of: quote, from: start) ?? bytes.count
            at = min(end + 1, bytes.count)
            return min(start, end)..<end
        }
        let start = at
        while at < bytes.count, !bytes[at].isSpace, bytes[at] != UInt8(ascii: ">") { at += 1 }
        return start..<at
    }

    private mutating func skipSpace() {
        while at < bytes.count, bytes[at].isSpace { at += 1 }
    }

    // MARK: What is noted

    private mutating func note(_ attributes: [Attribute], of tag: String) {
        if tag == "base" { hasBase = true }
        for attribute in attributes {
            switch attribute.name {
            case "id": places.insert(text(attribute))
            case "name" where tag == "a": places.insert(text(attribute))
            case "href", "xlink:href":
                let kind: Link.Kind = tag == "a" || tag == "area" ? .way : .resource
                if tag != "base" { links.append(Link(address: text(attribute), kind: kind)) }
            case "src", "poster", "background", "action", "formaction", "ping", "data-src",
                "data-sprite", "data-href":
                links.append(Link(address: text(attribute), kind: .resource))
            case "data" where tag == "object":
                links.append(Link(address: text(attribute), kind: .resource))
            case "srcset", "imagesrcset", "data-srcset":
                links += Self.candidates(of: text(attribute)).map {
                    Link(address: $0, kind: .resource)
                }
            case "style", "fill", "stroke", "filter", "mask", "clip-path", "marker-start",
                "marker-mid", "marker-end":
                noteStyle(text(attribute).utf8)
            case "content" where tag == "meta":
                if let address = Self.refresh(text(attribute), attributes.map(\.name)) {
                    links.append(Link(address: address, kind: .way))
                }
            default: break
            }
        }
    }

    private mutating func noteStyle(_ css: some Sequence<UInt8>) {
        links += StyleScanner.addresses(in: Array(css)).map { Link(address: $0, kind: .resource) }
    }

    /// Addresses of a `srcset` (HTML standard, 4.8.4.2.2).
    static func candidates(of text: String) -> [String] {
        var found: [String] = []
        var rest = Substring(text)
        while true {
            rest = rest.drop { $0.isWhitespace || $0 == "," }
            guard !rest.isEmpty else { return found }
            let address = rest.prefix { !$0.isWhitespace }
            rest = rest.dropFirst(address.count)
            if address.hasSuffix(",") {
                let end = address.lastIndex { $0 != "," } ?? address.startIndex
                found.append(String(address[...end]))
            } else {
                found.append(String(address))
                rest = rest.drop { $0 != "," }
            }
        }
    }

    /// The address of `<meta http-equiv="refresh" content="0; url=page.html">`.
    private static func refresh(_ content: String, _ names: [String]) -> String? {
        guard names.contains("http-equiv"),
            let mark = content.firstRange(of: "url=") ?? content.firstRange(of: "URL=")
        else { return nil }
        return content[mark.upperBound...].split { "'\" ".contains($0) }.first.map(String.init)
    }

    private func text(_ attribute: Attribute) -> String {
        CharacterReferences.resolved(bytes[attribute.value])
    }

    // MARK: Bytes

    private func next(of byte: UInt8, from start: Int) -> Int? {
        start < bytes.count ? bytes[start...].firstIndex(of: byte) : nil
    }

    private func starts(_ text: StaticString, at start: Int) -> Bool {
        guard start + text.utf8CodeUnitCount <= bytes.count else { return false }
        return text.withUTF8Buffer { $0.elementsEqual(bytes[start..<start + $0.count]) }
    }

    /// Whether the tag `tag` (given in lower case) begins at `start`, in any case, and its name
    /// ends there.
    private func startsTag(_ tag: some StringProtocol, at start: Int) -> Bool {
        let end = start + tag.utf8.count
        guard end < bytes.count, bytes[start] == UInt8(ascii: "<"),
            bytes[end].isSpace || bytes[end] == UInt8(ascii: "/") || bytes[end] == UInt8(ascii: ">")
        else { return false }
        return tag.utf8.elementsEqual(bytes[start..<end].lazy.map(\.lowercased))
    }

    private func lowercased(_ range: Range<Int>) -> String {
        String(decoding: bytes[range].lazy.map(\.lowercased), as: UTF8.self)
    }
}

extension UInt8 {
    /// White space of HTML and CSS.
    var isSpace: Bool { self == 0x20 || (0x09...0x0D).contains(self) && self != 0x0B }

    fileprivate var isLetter: Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(lowercased) }

    var lowercased: UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(self) ? self | 0x20 : self
    }

    fileprivate var endsAttributeName: Bool {
        isSpace || self == UInt8(ascii: "=") || self == UInt8(ascii: ">")
            || self == UInt8(ascii: "/")
    }
}
