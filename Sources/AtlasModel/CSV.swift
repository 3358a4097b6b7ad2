/// Comma-separated values after RFC 4180.
public enum CSV {
    /// The fields of each line; quoted fields may hold commas, quotes and line breaks.
    public static func rows(of text: String) -> [[String]] {
        var rows: [[String]] = []
        var row: [String] = []
        var field = ""
        var quoted = false
        var characters = Substring(text.replacing("\r\n", with: "\n"))
        // Spreadsheets begin a table in UTF-8 with a byte order mark.
        if characters.first == "\u{FEFF}" { characters.removeFirst() }
        func endRow() {
            row.append(field)
            field = ""
            if row != [""] { rows.append(row) }
            row = []
        }
        while let character = characters.popFirst() {
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
    public static func line(_ fields: [String]) -> String {
        fields.map { field in
            field.contains { ",\"\n\r".contains($0) }
                ? "\"\(field.replacing("\"", with: "\"\""))\"" : field
        }.joined(separator: ",") + "\n"
    }
}
