import AtlasModel
import Foundation

/// Labels that geologists corrected: `key,label,reason` lines that win over the folders' labels.
public struct Corrections: Sendable {
    private var labels: [String: String] = [:]
    let path: String
    /// Lines that could not be understood.
    private(set) var errata: [Erratum] = []

    /// No corrections.
    public init() { path = "" }

    /// Reads a table with the header `key,label,reason` (RFC 4180).
    /// - Parameter path: the file, for errata.
    public init(csv text: String, path: String) {
        self.path = path
        for (number, row) in CSV.rows(of: text).enumerated() {
            if number == 0 && row.first?.lowercased() == "key" { continue }
            guard row.count >= 2, !row[0].isEmpty, !row[1].isEmpty else {
                errata.append(
                    Erratum(path: path, reason: "Line \(number + 1) is not \"key,label,reason\"."))
                continue
            }
            labels[Self.canonical(row[0])] = row[1].lowercased()
        }
    }

    /// `andesite.012L6` is accepted for `andesite/012L6`.
    private static func canonical(_ key: String) -> String {
        guard !key.contains("/"), let dot = key.firstIndex(of: ".") else { return key }
        return key[..<dot] + "/" + key[key.index(after: dot)...]
    }

    /// Class of the corrected label.
    func label(of key: String, _ classes: [String: Int]) -> Int? {
        labels[key].flatMap { classes[$0] }
    }

    /// Corrections that name an unknown picture or type.
    func unmatched(keys: Set<String>, _ classes: [String: Int]) -> [Erratum] {
        labels.sorted { $0.key < $1.key }.compactMap { key, label in
            if !keys.contains(key) {
                return Erratum(path: path, reason: "The collection has no picture \(key).")
            }
            if classes[label] == nil {
                return Erratum(
                    path: path, reason: "\"\(label)\", for \(key), is no rock type of this atlas.")
            }
            return nil
        }
    }
}

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
