/// Reads the rows of a table one after another.
struct TableReader {
    private let bytes: [UInt8]
    private let separator: UInt8
    private var position: Int
    private var line = 1

    /// Most lines of one field. It bounds the work for a quotation mark that is never closed.
    private static let longestField = 1_000
    private static let quote = UInt8(ascii: "\"")

    init(_ bytes: [UInt8], from start: Int, separator: UInt8) {
        self.bytes = bytes
        self.separator = separator
        position = start
    }

    static func endsLine(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
    }

    /// The next row, which may be blank; `nil` at the end.
    /// - Parameter beginsRow: see `Table.init`.
    mutating func next(_ beginsRow: (String) -> Bool) -> Table.Row? {
        guard position < bytes.count else { return nil }
        let begin = line
        var fields: [String] = []
        var hasOpenQuote = false
        var isQuoted = false
        repeat {
            let start = afterBlanks(position)
            isQuoted = false
            if start < bytes.count, bytes[start] == Self.quote {
                if let quoted = quotedField(from: start, beginsRow) {
                    fields.append(CSV.original(quoted.text))
                    position = quoted.end
                    line += quoted.lines
                    isQuoted = true
                    continue
                }
                hasOpenQuote = true
                position = start + 1
            }
            fields.append(CSV.original(plainField()))
        } while passSeparator()
        passLineEnd()
        // Spreadsheets that expect another separator put a whole row into one quoted field.
        if isQuoted, fields.count == 1, fields[0].utf8.contains(separator) {
            var inner = TableReader(Array(fields[0].utf8), from: 0, separator: separator)
            fields = inner.next { _ in true }?.fields ?? fields
        }
        return Table.Row(line: begin, fields: fields, hasOpenQuote: hasOpenQuote)
    }

    private func afterBlanks(_ start: Int) -> Int {
        var place = start
        while place < bytes.count, bytes[place] != separator,
            bytes[place] == UInt8(ascii: " ") || bytes[place] == UInt8(ascii: "\t")
        {
            place += 1
        }
        return place
    }

    private mutating func passSeparator() -> Bool {
        guard position < bytes.count, bytes[position] == separator else { return false }
        position += 1
        return true
    }

    private mutating func passLineEnd() {
        guard position < bytes.count else { return }
        position = afterLineEnd(position)
        line += 1
    }

    /// The place after LF, CR or CRLF.
    private func afterLineEnd(_ place: Int) -> Int {
        let isPair =
            bytes[place] == UInt8(ascii: "\r") && place + 1 < bytes.count
            && bytes[place + 1] == UInt8(ascii: "\n")
        return place + (isPair ? 2 : 1)
    }

    private mutating func plainField() -> String {
        let start = position
        while position < bytes.count, bytes[position] != separator, !Self.endsLine(bytes[position])
        {
            position += 1
        }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    /// A field in quotation marks, without them, and the place after the second and the blanks that
    /// follow.
    ///
    /// `nil` when the mark at `start` was left open: no second mark precedes a separator or the end
    /// of a line, or a row lies between the two.
    private func quotedField(from start: Int, _ beginsRow: (String) -> Bool)
        -> (text: String, end: Int, lines: Int)?
    {
        var text: [UInt8] = []
        var place = start + 1
        var lines = 0
        var hasInnerQuote = false
        while place < bytes.count {
            let byte = bytes[place]
            if byte == Self.quote {
                let isDoubled = place + 1 < bytes.count && bytes[place + 1] == Self.quote
                let end = afterBlanks(place + 1)
                let closes =
                    end == bytes.count || bytes[end] == separator || Self.endsLine(bytes[end])
                if !isDoubled, closes {
                    return (String(decoding: text, as: UTF8.self), end, lines)
                }
                text.append(byte)
                hasInnerQuote = hasInnerQuote || !isDoubled
                place += isDoubled ? 2 : 1
            } else if Self.endsLine(byte) {
                text.append(UInt8(ascii: "\n"))
                place = afterLineEnd(place)
                lines += 1
                if lines > Self.longestField || isRow(at: place, beginsRow) { return nil }
            } else {
                text.append(byte)
                place += 1
            }
            if lines > 0, hasInnerQuote { return nil }
        }
        return nil
    }

    private func isRow(at start: Int, _ beginsRow: (String) -> Bool) -> Bool {
        let line = bytes[start...].prefix { !Self.endsLine($0) }
        guard let end = line.firstIndex(of: separator) else { return false }
        return beginsRow(String(decoding: line[..<end], as: UTF8.self))
    }
}
