/// Comma-separated values after RFC 4180. `Table` reads them.
package enum CSV {
    /// One line. Fields are quoted if necessary, and made harmless.
    package static func line(_ fields: [String]) -> String {
        fields.map { field in
            let field = harmless(field)
            return field.utf8.contains(where: isSign)
                ? "\"\(field.replacing("\"", with: "\"\""))\"" : field
        }.joined(separator: ",") + "\n"
    }

    /// Whether a field with this byte needs quotation marks.
    private static func isSign(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: ","), UInt8(ascii: "\""), UInt8(ascii: "\n"), UInt8(ascii: "\r"),
            UInt8(ascii: "\t"):
            true
        default: false
        }
    }

    /// A field that no spreadsheet takes for a formula: an apostrophe is put in front of one. Numbers
    /// stay as they are.
    ///
    ///     CSV.harmless("=1+1")   // "'=1+1"
    ///     CSV.harmless("-12.5")  // "-12.5"
    ///
    /// Source: OWASP, "CSV Injection".
    package static func harmless(_ field: String) -> String {
        guard let first = field.unicodeScalars.first else { return field }
        // `'=x` of a person would lose its apostrophe when it is read again.
        let isMarked = first == "'" && original(field) != field
        guard isMarked || beginsFormula(first) && !isNumber(field) else { return field }
        return "'" + field
    }

    /// The field that `harmless` changed.
    ///
    ///     CSV.original("'=1+1")  // "=1+1"
    ///     CSV.original("'tis")   // "'tis"
    package static func original(_ field: String) -> String {
        guard field.first == "'" else { return field }
        let rest = field.dropFirst().drop { $0 == "'" }
        guard let next = rest.unicodeScalars.first, beginsFormula(next) else { return field }
        return String(field.dropFirst())
    }

    private static func beginsFormula(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        // The forms of full width are read like the others.
        case "=", "+", "-", "@", "\t", "\r", "\n", "\u{FF1D}", "\u{FF0B}", "\u{FF0D}", "\u{FF20}":
            true
        default: false
        }
    }

    /// Whether the field is written like a decimal number, with a point or a comma.
    private static func isNumber(_ field: String) -> Bool {
        field.wholeMatch(of: /[+-]?[0-9]+(?:[.,][0-9]+)?(?:[eE][+-]?[0-9]+)?/) != nil
    }
}
