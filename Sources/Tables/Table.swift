/// A table as spreadsheets and people write it: comma-separated values after RFC 4180, and what is
/// common beside them.
///
///     Table("key;label\r\na;\"b;c\"").rows.map(\.fields)  // [["key", "label"], ["a", "b;c"]]
///
/// Fields are separated by commas, semicolons, tabs or vertical bars; lines end with LF, CR or CRLF.
/// A quotation mark inside a field stands for itself, as in `2" core`. Rows whose fields are all
/// blank are left out. An empty text has no rows.
package struct Table: Sendable {
    package struct Row: Sendable, Equatable {
        /// Number of the line where it begins, from 1.
        package let line: Int
        package let fields: [String]
        /// Whether a quotation mark at the beginning of a field was never closed. The mark was
        /// ignored, and the field ends with the line.
        package let hasOpenQuote: Bool
    }

    /// Between two fields.
    package let separator: Unicode.Scalar
    package let rows: [Row]

    /// - Parameters:
    ///   - isHeader: whether fields are the names of columns. It decides between separators.
    ///   - beginsRow: whether a text may be the first field of a row. If such a row lies between two
    ///     quotation marks, the first one was left open.
    package init(
        _ text: String, isHeader: ([String]) -> Bool = { _ in false },
        beginsRow: (String) -> Bool = { _ in false }
    ) {
        let bytes = Array(text.utf8)
        let named = Self.namedSeparator(bytes)
        let separator = named?.separator ?? Self.separator(of: bytes, isHeader)
        self.separator = Unicode.Scalar(separator)
        var reader = TableReader(bytes, from: named?.end ?? 0, separator: separator)
        var rows: [Row] = []
        while let row = reader.next(beginsRow) {
            if row.fields.contains(where: { !$0.allSatisfy(\.isWhitespace) }) { rows.append(row) }
        }
        self.rows = rows
    }

    /// In order of preference.
    private static let separators = ",;\t|".utf8

    /// The separator that a first line like `sep=;` names, and the end of that line. Excel reads and
    /// writes it.
    private static func namedSeparator(_ bytes: [UInt8]) -> (separator: UInt8, end: Int)? {
        let line = bytes.prefix { !TableReader.endsLine($0) }
        let plain = line.filter { $0 != UInt8(ascii: "\"") }
        guard plain.count == 5,
            String(decoding: plain.prefix(4), as: UTF8.self).lowercased() == "sep="
        else { return nil }
        return (plain[4], line.endIndex)
    }

    /// The separator with which one of the first rows is a header; otherwise the one that comes first
    /// in most of the first lines.
    private static func separator(of bytes: [UInt8], _ isHeader: ([String]) -> Bool) -> UInt8 {
        let beginning = Array(bytes.prefix(65_536))
        for separator in separators {
            var reader = TableReader(beginning, from: 0, separator: separator)
            for _ in 0..<8 {
                guard let row = reader.next({ _ in true }) else { break }
                if isHeader(row.fields) { return separator }
            }
        }
        var votes: [UInt8: Int] = [:]
        for line in beginning.split(whereSeparator: TableReader.endsLine).prefix(64) {
            var isQuoted = false
            let first = line.first { byte in
                if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
                return !isQuoted && separators.contains(byte)
            }
            if let first { votes[first, default: 0] += 1 }
        }
        let most = votes.values.max() ?? 0
        return separators.first { votes[$0] == most } ?? UInt8(ascii: ",")
    }
}
