import Fingerprint

/// A data script: statements that fill `GEO`. Scripts are used because a page that is opened as a
/// file cannot fetch data.
struct Script: Sendable {
    private(set) var bytes: [UInt8] = []

    /// Makes room for so many bytes in all. Without it, a file of many MB is copied while it grows, and then needs
    /// up to three times its size.
    mutating func reserve(_ count: Int) { bytes.reserveCapacity(count) }

    /// Adds code without changes.
    mutating func add(_ code: String) { bytes += code.utf8 }

    /// Adds a text as a JavaScript string.
    ///
    /// `<` is escaped so that no text can end a script element. The two line separators that JSON
    /// allows in strings but older JavaScript does not are escaped too.
    mutating func add(text: String) {
        bytes.append(UInt8(ascii: "\""))
        defer { bytes.append(UInt8(ascii: "\"")) }
        // Fast path: nearly no text has a character that is escaped.
        if !text.utf8.contains(where: Self.mayBeEscaped) {
            bytes += text.utf8
            return
        }
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": bytes += "\\\"".utf8
            case "\\": bytes += "\\\\".utf8
            case "<", "\u{2028}", "\u{2029}", "\u{0}"..."\u{1F}", "\u{7F}":
                let digits = String(scalar.value, radix: 16)
                bytes += "\\u\(String(repeating: "0", count: 4 - digits.count))\(digits)".utf8
            default: bytes += String(scalar).utf8
            }
        }
    }

    /// Whether a byte may belong to a character that is escaped. The two line separators are
    /// E2 80 A8 and E2 80 A9 in UTF-8.
    private static func mayBeEscaped(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "<"), ..<0x20, 0x7F, 0xE2: true
        default: false
        }
    }

    /// Adds a whole number in decimal digits, several times as fast as by a text.
    /// - Precondition: it is not negative.
    mutating func add(number: Int) { add(number: number, atLeast: 1) }

    /// Adds a whole number with as many digits, zeros in front.
    ///
    ///     script.add(number: 42, atLeast: 6)  // 000042
    mutating func add(number: Int, atLeast least: Int) {
        precondition(number >= 0, "a minus sign is not written")
        let start = bytes.count
        var rest = number
        while rest > 0 || bytes.count - start < least {
            bytes.append(UInt8(ascii: "0") + UInt8(rest % 10))
            rest /= 10
        }
        bytes[start...].reverse()
    }

    /// Removes bytes from the end as long as they are equal to `byte`.
    mutating func drop(last byte: UInt8) {
        while bytes.last == byte { bytes.removeLast() }
    }

    /// Adds an array, its elements separated by commas.
    mutating func add<Elements: Sequence>(
        list: Elements, _ element: (inout Script, Elements.Element) -> Void
    ) {
        add("[")
        var isFirst = true
        for item in list {
            if !isFirst { add(",") }
            isFirst = false
            element(&self, item)
        }
        add("]")
    }

    /// The file, with a digest of its content in its name.
    func file(_ name: String) -> File {
        File(path: "\(Self.folder)\(name).\(Fingerprint(of: bytes).short).js", bytes: bytes)
    }

    /// Where data scripts are in the atlas.
    static let folder = "data/"
}

extension String {
    /// At most the first `count` characters.
    func shortened(to count: Int) -> String {
        // No text has more characters than bytes.
        utf8.count <= count ? self : String(prefix(count))
    }
}

extension Layout {
    /// Adds `GEO.types`: `[[label, title, symbol, CSS class], …]` in class order.
    func addTypes(to script: inout Script) {
        script.add("GEO.types=")
        script.add(list: signs.types) { script, sign in
            script.add(list: [sign.label, sign.title, sign.symbol, sign.style]) {
                $0.add(text: $1)
            }
        }
        script.add(";\n")
    }
}
