import Catalog
import Foundation

extension AtlasSettings {
    /// Where tables with metadata may be outside the collection: beside the settings, and where the
    /// settings say. The later one counts more.
    var tablePaths: [String] {
        let folder = URL(filePath: file).deletingLastPathComponent().relativePath
        return ["\(folder)/\(MetadataTable.fileName)"] + [table].compactMap(\.self)
    }
}

extension MetadataTable {
    /// Reads the tables outside the collection.
    /// - Throws: `AtlasError` or `CatalogError` for a table that cannot be read, or that the settings
    ///   name and is not there.
    static func tables(of settings: AtlasSettings) throws -> [MetadataTable] {
        try settings.tablePaths.compactMap { path in
            guard let bytes = try BuildSources.bytes(path) else {
                guard path == settings.table else { return nil }
                throw AtlasError.fileTrouble(
                    path: path,
                    reason: "There is no such file. Correct \"table:\" in \(settings.file).")
            }
            return try MetadataTable(table: bytes, path: path)
        }
    }
}
