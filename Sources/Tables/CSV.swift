/// Comma-separated values after RFC 4180. `Table` reads them.
package enum CSV {
    /// One line. Fields are quoted if necessary.
    package static func line(_ fields: [String]) -> String {
        fields.map { field in
            field.contains { ",\"\n\r".contains($0) }
                ? "\"\(field.replacing("\"", with: "\"\""))\"" : field
        }.joined(separator: ",") + "\n"
    }
}
