/// Finds the addresses in a style sheet: `url(…)` and the string after `@import`.
///
/// Comments and other strings are skipped, according to CSS Syntax 3.
struct StyleScanner {
    private let css: [UInt8]
    private var at = 0
    private var found: [String] = []
    /// The current at-rule: a string directly after `@import` is an address, but one after
    /// `@namespace` is a name.
    private var rule = ""

    /// The addresses in their order, with escapes resolved.
    static func addresses(in css: [UInt8]) -> [String] {
        var scanner = StyleScanner(css: css)
        scanner.scan()
        return scanner.found
    }

    private init(css: [UInt8]) { self.css = css }

    private mutating func scan() {
        while at < css.count {
            switch css[at] {
            case UInt8(ascii: "/") where peek(1) == UInt8(ascii: "*"): skipComment()
            case UInt8(ascii: "\""), UInt8(ascii: "'"):
                let text = string()
                if rule == "import" { found.append(text) }
                rule = ""
            case UInt8(ascii: "@"):
                at += 1
                rule = name()
            case UInt8(ascii: ";"), UInt8(ascii: "{"):
                rule = ""
                at += 1
            case let byte where byte.isNameByte: word()
            default: at += 1
            }
        }
    }

    private func peek(_ distance: Int) -> UInt8? {
        at + distance < css.count ? css[at + distance] : nil
    }

    private mutating func skipComment() {
        at += 2
        while at < css.count, !(css[at] == UInt8(ascii: "*") && peek(1) == UInt8(ascii: "/")) {
            at += 1
        }
        at += 2
    }

    private mutating func name() -> String {
        let start = at
        while at < css.count, css[at].isNameByte { at += 1 }
        return String(decoding: css[start..<at].lazy.map(\.lowercased), as: UTF8.self)
    }

    private mutating func word() {
        guard name() == "url", at < css.count, css[at] == UInt8(ascii: "(") else { return }
        at += 1
        while at < css.count, css[at].isSpace { at += 1 }
        guard at < css.count else { return }
        let isQuoted = css[at] == UInt8(ascii: "\"") || css[at] == UInt8(ascii: "'")
        let address = isQuoted ? string() : bareAddress()
        if rule != "namespace" { found.append(address) }
        rule = ""
    }

    private mutating func bareAddress() -> String {
        var text: [UInt8] = []
        while at < css.count, css[at] != UInt8(ascii: ")") { take(into: &text) }
        while text.last?.isSpace == true { text.removeLast() }
        return String(decoding: text, as: UTF8.self)
    }

    /// The string that begins at the quote. The position is then after the closing quote.
    private mutating func string() -> String {
        let quote = css[at]
        var text: [UInt8] = []
        at += 1
        // A line break ends a string without a closing quote.
        while at < css.count, css[at] != quote, css[at] != UInt8(ascii: "\n") { take(into: &text) }
        at += 1
        return String(decoding: text, as: UTF8.self)
    }

    /// Reads one character or one escape: a backslash with up to six hexadecimal digits and one
    /// optional white space, or a backslash and any other character.
    private mutating func take(into text: inout [UInt8]) {
        guard css[at] == UInt8(ascii: "\\"), at + 1 < css.count else {
            text.append(css[at])
            at += 1
            return
        }
        at += 1
        let digits = css[at...].prefix(6).prefix { Character(Unicode.Scalar($0)).isHexDigit }
        guard let value = UInt32(String(decoding: digits, as: UTF8.self), radix: 16) else {
            // An escaped line break is left out.
            if css[at] != UInt8(ascii: "\n") { text.append(css[at]) }
            at += 1
            return
        }
        text += Array(String(Unicode.Scalar(value) ?? "\u{FFFD}").utf8)
        at += digits.count
        if at < css.count, css[at].isSpace { at += 1 }
    }
}

extension UInt8 {
    /// Whether the byte may be part of a CSS name: letters, digits, `-`, `_`, `\` and all bytes
    /// beyond ASCII.
    fileprivate var isNameByte: Bool {
        self >= 0x80 || self == UInt8(ascii: "-") || self == UInt8(ascii: "_")
            || self == UInt8(ascii: "\\")
            || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self)
            || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(lowercased)
    }
}
