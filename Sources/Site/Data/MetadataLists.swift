import AtlasModel
import Tables

/// The metadata of all pictures for other programs: `metadata.csv` and `metadata.json`.
///
/// The first columns are the key and the address of the page. Cells that a spreadsheet would run as a
/// formula are made harmless.
enum MetadataLists {
    static let names = (csv: "metadata.csv", json: "metadata.json")

    /// No files without metadata.
    static func files(_ layout: Layout) -> [File] {
        let metadata = layout.edition.metadata
        guard !metadata.fields.isEmpty else { return [] }
        let known = layout.edition.images.indices.filter(metadata.isKnown)
        let own = ["key", "page"]
        let header = own + ListColumns.names(of: metadata.fields.map(\.name), beside: own)
        var csv = Array(CSV.line(header).utf8)
        var json = Script()
        json.add("{\"fields\":")
        json.add(list: header) { $0.add(text: $1) }
        json.add(",\"pictures\":[")
        for (place, index) in known.enumerated() {
            let row =
                [layout.edition.images[index].key, layout.paths.places[index].page]
                + metadata.values.map { $0[index] }
            csv += CSV.line(row).utf8
            json.add(place == 0 ? "\n" : ",\n")
            json.add(list: row) { $0.add(text: $1) }
        }
        json.add("\n]}\n")
        return [
            File(path: names.csv, bytes: csv), File(path: names.json, bytes: json.bytes),
        ]
    }
}
