package import AtlasModel
import Messages
import Tables

/// Verdicts on duplicates: `a,b,verdict,reason` lines, each about two pictures.
package struct Verdicts: Sendable {
    let path: String
    /// Remarks on the whole table, full sentences.
    package let notes: [String]
    /// In the order of the table, without lines that have no verdict yet.
    private var entries: [Entry] = []
    /// What is wrong with lines, whatever the collection.
    private var faults: [VerdictFault] = []

    private struct Entry {
        let line: Int
        let names: [String]
        let isDuplicate: Bool
        let reason: String
    }

    /// Name of the file, beside the settings.
    package static let fileName = "duplicates.csv"

    /// No verdicts.
    package init() {
        path = ""
        notes = []
    }

    /// Reads a table in any form in which spreadsheets write one (see `Table`, `TableText`).
    ///
    /// A header may name the columns `a`, `b`, `verdict` and `reason` in another order and have further
    /// columns. Without a header, these are the columns. A verdict is `duplicate` or `not a duplicate`;
    /// lines without one are left out.
    /// - Parameter path: the file, for errata.
    /// - Throws: `CatalogError.unreadableTable` for bytes that are no text.
    package init(table bytes: [UInt8], path: String) throws(CatalogError) {
        self.init(try TableFile(bytes, path: path, isHeader: VerdictColumns.areHeader), path: path)
    }

    /// As above, from text.
    package init(csv text: String, path: String) {
        self.init(TableFile(text, isHeader: VerdictColumns.areHeader), path: path)
    }

    private init(_ file: TableFile, path: String) {
        self.path = path
        notes = file.notes
        var columns = VerdictColumns()
        for row in file.table.rows {
            if row.hasOpenQuote { faults.append(.line(.openQuote(row.line))) }
            if let header = VerdictColumns(header: row.fields) {
                columns = header
            } else {
                read(row, columns)
            }
        }
    }

    private mutating func read(_ row: Table.Row, _ columns: VerdictColumns) {
        let fields = row.fields.map(PictureNames.trimmed)
        guard fields.contains(where: { !$0.isEmpty }) else { return }
        func field(_ column: Int?) -> String {
            column.flatMap { fields.indices.contains($0) ? fields[$0] : nil } ?? ""
        }
        let (names, verdict) = ([field(columns.a), field(columns.b)], field(columns.verdict))
        guard !names.contains("") else {
            faults.append(.unreadableLine(row.line))
            return
        }
        if verdict.isEmpty { return }
        guard let isDuplicate = Self.words[verdict.lowercased()] else {
            faults.append(.noVerdict(verdict, line: row.line))
            return
        }
        entries.append(
            Entry(
                line: row.line, names: names, isDuplicate: isDuplicate,
                reason: field(columns.reason)))
    }

    /// Verdicts in lower case.
    private static let words = [
        "duplicate": true, "duplicates": true, "not a duplicate": false, "no duplicate": false,
        "not duplicate": false, "not duplicates": false,
    ]

    /// The verdicts on the pictures of a collection, sorted by their pictures. Of two lines about the same
    /// pictures, the later one counts.
    package func matched(keys: [String], paths: [String]) -> (
        verdicts: [DuplicateVerdict], errata: [Erratum]
    ) {
        var names = PictureNames(keys: keys, paths: paths)
        var list = FaultList(path: path)
        for fault in faults { list.add(fault) }
        var found: [SIMD2<Int32>: (line: Int, verdict: DuplicateVerdict)] = [:]
        for entry in entries {
            let pictures = entry.names.compactMap { name in
                list.picture(
                    names.match(name), of: entry.line, named: name, in: .verdicts, &names)
            }
            guard pictures.count == 2 else { continue }
            guard pictures[0] != pictures[1] else {
                list.add(.onePicture(key: keys[pictures[0]], line: entry.line))
                continue
            }
            let verdict = DuplicateVerdict(
                pictures[0], pictures[1], isDuplicate: entry.isDuplicate, reason: entry.reason)
            let earlier = found.updateValue((entry.line, verdict), forKey: verdict.pictures)
            if let earlier {
                list.add(
                    .twice(
                        keys: [keys[verdict.a], keys[verdict.b]], earlier.line, entry.line))
            }
        }
        return (
            found.values.map(\.verdict).sorted { ($0.a, $0.b) < ($1.a, $1.b) }, list.errata
        )
    }
}

/// The columns of a table of verdicts.
private struct VerdictColumns {
    private(set) var a = 0
    private(set) var b = 1
    private(set) var verdict = 2
    private(set) var reason: Int? = 3

    /// As in a table without a header.
    init() {}

    /// - Parameter fields: a row of the table. `nil` when it is no header.
    init?(header fields: [String]) {
        let names = fields.map { PictureNames.trimmed($0).lowercased() }
        guard let a = names.firstIndex(of: "a"), let b = names.firstIndex(of: "b"),
            let verdict = names.firstIndex(of: "verdict")
        else { return nil }
        self.a = a
        self.b = b
        self.verdict = verdict
        reason = names.firstIndex(of: "reason")
    }

    static func areHeader(_ fields: [String]) -> Bool { VerdictColumns(header: fields) != nil }
}
