import AtlasModel
import Messages
import Tables

/// Labels that geologists corrected: `key,label,reason` lines that replace the labels of the folders.
package struct Corrections: Sendable {
    let path: String
    /// Remarks on the whole table, full sentences.
    package private(set) var notes: [String] = []
    /// In the order of the table.
    private var entries: [Entry] = []
    /// What is wrong with lines, whatever the collection.
    private var faults: [KeyFault] = []

    private struct Entry {
        let line: Int
        let key: String
        let label: String
        let reason: String
    }

    /// No corrections.
    package init() { path = "" }

    /// Reads a table with the columns key, label and reason, in any form in which spreadsheets write
    /// one (see `Table`, `TableText`).
    ///
    /// A header may name the columns in another order and have further columns. Without a header,
    /// the columns are key, label and reason.
    /// - Parameter path: the file, for errata.
    /// - Throws: `CatalogError.unreadableTable` for bytes that are no text.
    package init(table bytes: [UInt8], path: String) throws(CatalogError) {
        self.init(
            try TableFile(bytes, path: path, isHeader: CorrectionColumns.areHeader), path: path)
    }

    /// As above, from text.
    package init(csv text: String, path: String) {
        self.init(TableFile(text, isHeader: CorrectionColumns.areHeader), path: path)
    }

    private init(_ file: TableFile, path: String) {
        self.path = path
        let table = file.table
        var columns = CorrectionColumns()
        for (number, row) in table.rows.enumerated() {
            if row.hasOpenQuote { faults.append(.line(.openQuote(row.line))) }
            if number == 0 || CorrectionColumns.areHeader(row.fields),
                let header = CorrectionColumns(header: row.fields)
            {
                columns = header
                note(header, row.line)
            } else if let entry = Self.entry(row, columns, table.separator) {
                entries.append(entry)
            } else {
                faults.append(.unreadableLine(row.line, separator: table.separator))
            }
        }
        notes += file.notes
    }

    private mutating func note(_ columns: CorrectionColumns, _ line: Int) {
        if let name = columns.unknownLabel {
            notes.append(
                "\(path), line \(line): no column is called \"label\". \"\(name)\" was read as it.")
        }
        guard !columns.unused.isEmpty else { return }
        let names = columns.unused.map { "\"\($0)\"" }.joined(separator: ", ")
        notes.append("\(path), line \(line): these columns are not used: \(names).")
    }

    private static func entry(
        _ row: Table.Row, _ columns: CorrectionColumns, _ separator: Unicode.Scalar
    )
        -> Entry?
    {
        var fields = row.fields.map(PictureNames.trimmed)
        while fields.last?.isEmpty == true { fields.removeLast() }
        guard fields.count > max(columns.key, columns.label), !fields[columns.key].isEmpty,
            !fields[columns.label].isEmpty
        else { return nil }
        var reason = columns.reason.flatMap { $0 < fields.count ? fields[$0] : nil } ?? ""
        // A reason at the end may contain the separator without quotation marks.
        let last = (columns.count ?? 3) - 1
        if columns.reason == last, fields.count > last + 1 {
            reason = row.fields[last..<fields.count].joined(separator: String(separator))
            reason = PictureNames.trimmed(reason)
        } else if fields.count > columns.count ?? 3 {
            return nil
        }
        return Entry(
            line: row.line, key: fields[columns.key], label: fields[columns.label], reason: reason)
    }
}

extension Corrections {
    /// The corrections of the pictures of a collection.
    struct Matched {
        /// By index of the picture.
        fileprivate(set) var labels: [Int: (label: Int, reason: String)] = [:]
        /// In the order of the table.
        fileprivate(set) var errata: [Erratum] = []

        /// The correction of a picture; `nil` when there is none.
        func correction(of index: Int, key: String, folder: Int?) -> LabelCorrection? {
            labels[index].map {
                LabelCorrection(key: key, folder: folder, label: $0.label, reason: $0.reason)
            }
        }
    }

    /// Finds the pictures and classes that the lines name. Of two lines for one picture, the later
    /// one counts.
    /// - Parameter classes: indices of the classes, by label in lower case.
    func matched(_ names: PictureNames, _ classes: [String: Int]) -> Matched {
        var names = names
        var matched = Matched()
        var list = FaultList(path: path)
        for fault in faults { list.add(fault) }
        /// Lines by picture.
        var lines: [Int: Int] = [:]
        for entry in entries {
            let match = names.match(entry.key)
            guard
                let index = list.picture(
                    match, of: entry.line, named: entry.key, in: .corrections, &names)
            else { continue }
            if let earlier = lines.updateValue(entry.line, forKey: index) {
                list.add(.twice(key: names.key(index), earlier, entry.line))
                matched.labels[index] = nil
            }
            guard let label = Self.label(entry.label, classes) else {
                let nearest = nearestWord(to: entry.label.lowercased(), in: classes.keys.sorted())
                list.add(
                    .noType(
                        label: entry.label, key: names.key(index), line: entry.line,
                        nearest: nearest
                    ))
                continue
            }
            matched.labels[index] = (label, entry.reason)
        }
        matched.errata = list.errata
        return matched
    }

    /// The class called `name`. Case, and blanks instead of `_` or `-`, do not matter.
    private static func label(_ name: String, _ classes: [String: Int]) -> Int? {
        if let exact = classes[name.lowercased()] { return exact }
        func plain(_ name: String) -> String { name.lowercased().filter { !" _-".contains($0) } }
        let found = classes.filter { plain($0.key) == plain(name) }
        return found.count == 1 ? found.first?.value : nil
    }
}
