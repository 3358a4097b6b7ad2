/// Comma-separated values after RFC 4180.
package enum CSV {
    /// The fields of each line. Quoted fields may contain commas, quotation marks and line breaks.
    package static func rows(of text: String) -> [[String]] {
        numberedRows(of: text).map(\.fields)
    }

    /// The fields of each line that is not blank, with the line number (from 1) where they begin in
    /// the file.
    package static func numberedRows(of text: String) -> [(line: Int, fields: [String])] {
        var rows: [(line: Int, fields: [String])] = []
        var line = 1
        var begin = 1
        var row: [String] = []
        var field = ""
        var quoted = false
        var characters = Substring(text.replacing("\r\n", with: "\n"))
        // Spreadsheets may write a byte order mark at the beginning of a UTF-8 table.
        if characters.first == "\u{FEFF}" { characters.removeFirst() }
        func endRow() {
            row.append(field)
            field = ""
            if row != [""] { rows.append((begin, row)) }
            row = []
            begin = line
        }
        while let character = characters.popFirst() {
            if character == "\n" { line += 1 }
            switch character {
            case "\"" where quoted && characters.first == "\"":
                field.append("\"")
                characters.removeFirst()
            case "\"": quoted.toggle()
            case "," where !quoted:
                row.append(field)
                field = ""
            case "\n" where !quoted: endRow()
            default: field.append(character)
            }
        }
        endRow()
        return rows
    }

    /// One line. Fields are quoted if necessary.
    package static func line(_ fields: [String]) -> String {
        fields.map { field in
            field.contains { ",\"\n\r".contains($0) }
                ? "\"\(field.replacing("\"", with: "\"\""))\"" : field
        }.joined(separator: ",") + "\n"
    }
}
