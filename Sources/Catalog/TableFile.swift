import Tables

/// A table about pictures, in any form in which spreadsheets write one (see `Table`, `TableText`).
struct TableFile {
    let table: Table
    /// Remarks on the whole table, full sentences.
    private(set) var notes: [String] = []

    /// - Parameters:
    ///   - path: the file, for messages.
    ///   - isHeader: whether the fields of a row are names of columns.
    /// - Throws: `CatalogError.unreadableTable` for bytes that are no text.
    init(_ bytes: [UInt8], path: String, isHeader: ([String]) -> Bool) throws(CatalogError) {
        let text: TableText
        do {
            text = try TableText(bytes)
        } catch {
            throw .unreadableTable(path: path, reason: "\(error)")
        }
        self.init(text.text, isHeader: isHeader)
        if text.encoding == .windows1252 {
            notes.append(
                "\(path) is not in UTF-8, so it was read as Windows-1252. If letters such as \"ä\" "
                    + "look wrong in the atlas, save it as \"CSV UTF-8\".")
        }
    }

    /// As above, from text.
    init(_ text: String, isHeader: ([String]) -> Bool) {
        table = Table(
            text, isHeader: isHeader,
            // A key or a path.
            beginsRow: { $0.contains { "/\\".contains($0) } && !$0.contains(" ") })
    }

    /// The column that says which picture a row is about; `nil` without one of a known name.
    /// - Parameter names: of all columns, as `plain` gives them.
    static func keyColumn(_ names: [String]) -> Int? {
        keys.lazy.compactMap { names.firstIndex(of: $0) }.first
    }

    /// Names of that column, in order of preference.
    private static let keys = [
        "key", "image", "imagename", "imagefile", "picture", "picturename", "photo", "photoname",
        "photofile", "photograph", "file", "filename", "filepath", "path", "imageid", "photoid",
        "pictureid", "imagekey", "datei", "dateiname", "bild", "fichier", "nomdefichier", "archivo",
    ]

    /// The name of a column without case, signs, and units in brackets: `depthfrom` for
    /// `Depth from [m]`.
    static func plain(_ name: String) -> String {
        var depth = 0
        var text = ""
        for character in name.lowercased() {
            switch character {
            case "(", "[": depth += 1
            case ")", "]": depth = max(0, depth - 1)
            default:
                if depth == 0, character.isLetter || character.isNumber { text.append(character) }
            }
        }
        return text
    }
}
