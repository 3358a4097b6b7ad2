/// Comma-separated values after RFC 4180.
package enum CSV {
    /// The fields of each line; quoted fields may hold commas, quotes and line breaks.
    package static func rows(of text: String) -> [[String]] {
        numberedRows(of: text).map(\.fields)
    }

    /// The fields of each line that is not blank, and the number in the file, from 1, of the line
    /// they begin in.
    package static func numberedRows(of text: String) -> [(line: Int, fields: [String])] {
        var rows: [(line: Int, fields: [String])] = []
        var line = 1
        var begin = 1
        var row: [String] = []
        var field = ""
        var quoted = false
        var characters = Substring(text.replacing("\r\n", with: "\n"))
        // Spreadsheets begin a table in UTF-8 with a byte order mark.
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

    /// One line, fields quoted where they need it.
    package static func line(_ fields: [String]) -> String {
        fields.map { field in
            field.contains { ",\"\n\r".contains($0) }
                ? "\"\(field.replacing("\"", with: "\"\""))\"" : field
        }.joined(separator: ",") + "\n"
    }
}
