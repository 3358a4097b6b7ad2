import AtlasModel
import Messages
import Tables

/// A table with facts about pictures: a column with keys or file names, and any others.
///
/// The name of the file is `metadata.csv`. It lies in a collection, beside the settings, or where
/// the settings say.
package struct MetadataTable: Sendable {
    /// The file, for messages.
    let path: String
    /// Folder of the collection that it lies in; empty for its root, and outside the collection.
    let folder: String
    /// Remarks on the whole table, full sentences.
    private(set) var notes: [String] = []
    /// The header; `nil` for an empty table.
    let columns: MetadataColumns?
    /// Rows below the header.
    let rows: ArraySlice<Table.Row>

    package static let fileName = "metadata.csv"

    /// Reads a table in any form in which spreadsheets write one (see `Table`, `TableText`).
    /// - Parameters:
    ///   - path: the file, for messages.
    ///   - folder: of the collection that it lies in.
    /// - Throws: `CatalogError.unreadableTable` for bytes that are no text.
    package init(table bytes: [UInt8], path: String, folder: String = "") throws(CatalogError) {
        let file = try TableFile(bytes, path: path, isHeader: MetadataColumns.areHeader)
        self.path = path
        self.folder = folder
        let table = file.table
        // Titles may stand above the header.
        let header =
            table.rows.prefix(Self.headerRows).firstIndex { MetadataColumns.areHeader($0.fields) }
            ?? (table.rows.isEmpty ? nil : 0)
        columns = header.map { MetadataColumns(header: table.rows[$0].fields) }
        rows = table.rows[(header.map { $0 + 1 } ?? 0)...]
        notes = file.notes
        if let header, header > 0 {
            notes.append(
                "\(path): the header is in line \(table.rows[header].line); "
                    + "\(counted(header, "line")) above it \(header == 1 ? "is" : "are") not read.")
        }
        for (name, known) in columns?.nearly ?? [] {
            notes.append(
                "\(path): no known column is called \"\(name)\", so it is shown as it is. "
                    + "Did you mean \"\(known)\"?")
        }
    }

    /// Rows among which the header is looked for.
    private static let headerRows = 8
}
