import AtlasModel
import Messages
import Tables

/// The metadata of the pictures of a collection, gathered from tables and from what cameras write.
struct MatchedMetadata {
    /// Of each table, in the order of its lines.
    private(set) var errata: [[Erratum]] = []
    private(set) var notes: [String] = []
    private let count: Int
    private var known: [MetadataField.Kind: [String]] = [:]
    /// Fields that the program does not know, in the order of the tables.
    private var others: [(field: MetadataField, values: [String])] = []

    /// - Parameter count: number of pictures.
    init(count: Int) { self.count = count }

    /// Known fields in the order of their kinds, then the others. Fields without a value are left
    /// out.
    var metadata: Metadata {
        let all =
            MetadataField.Kind.allCases.compactMap { kind in
                known[kind].map { (field: MetadataField(kind), values: $0) }
            } + others
        let filled = all.filter { $0.values.contains { !$0.isEmpty } }
        return Metadata(fields: filled.map(\.field), values: filled.map(\.values))
    }

    /// Adds the facts of cameras where no table says anything.
    mutating func add(_ facts: [CameraFacts?]) {
        fill(.date, facts.map { $0?.date })
        fill(.camera, facts.map { $0?.camera })
        fill(.description, facts.map { $0?.description })
        // A position is one value, so both numbers have one source.
        let latitudes = known[.latitude] ?? blank
        let longitudes = known[.longitude] ?? blank
        let places = facts.enumerated().map { index, fact -> (String, String)? in
            guard let latitude = fact?.latitude, let longitude = fact?.longitude,
                latitudes[index].isEmpty, longitudes[index].isEmpty
            else { return nil }
            return (MetadataReader.text(latitude), MetadataReader.text(longitude))
        }
        fill(.latitude, places.map { $0?.0 })
        fill(.longitude, places.map { $0?.1 })
    }

    /// Adds the names of specimens where no table names any.
    mutating func add(specimens: [String?]) { fill(.specimen, specimens) }

    /// Fills the empty values of a known field.
    private mutating func fill(_ kind: MetadataField.Kind, _ values: [String?]) {
        guard values.contains(where: { $0 != nil }) else { return }
        let old = known[kind] ?? blank
        known[kind] = zip(old, values).map { $0.isEmpty ? $1 ?? "" : $0 }
    }

    /// Adds a table that could not be read.
    mutating func add(unreadable path: String, _ reason: String) {
        var list = FaultList(path: path)
        list.add(.unreadable(reason: reason))
        errata.append(list.errata)
    }

    private var blank: [String] { [String](repeating: "", count: count) }

    /// Adds a table. Its cells count more than those of tables before it.
    mutating func add(_ table: MetadataTable, _ names: inout PictureNames) {
        notes += table.notes
        guard let columns = table.columns else { return }
        var list = FaultList(path: table.path)
        guard let key = columns.key ?? guessedKey(table, &names) else {
            list.add(.noKey(names: columns.columns.map(\.name)))
            errata.append(list.errata)
            return
        }
        let read = columns.columns.filter { $0.place != key }
        let readers = read.map { column in
            MetadataReader(
                column,
                cells: table.rows.lazy.compactMap {
                    column.place < $0.fields.count ? $0.fields[column.place] : nil
                })
        }
        var values = read.map { self.values(of: $0.field) }
        let files = names.distinctFiles
        /// Lines by picture.
        var lines = [Int](repeating: 0, count: count)
        for row in table.rows {
            if row.hasOpenQuote { list.add(MetadataFault.line(.openQuote(row.line))) }
            guard
                let index = quickPicture(of: row, key, columns.count, files)
                    ?? picture(of: row, key, table, &names, &list)
            else { continue }
            if lines[index] > 0 {
                list.add(.twice(key: names.key(index), first: lines[index], line: row.line))
            }
            lines[index] = row.line
            for (number, column) in read.enumerated() where column.place < row.fields.count {
                let cell = PictureNames.trimmed(row.fields[column.place])
                if cell.isEmpty { continue }
                switch readers[number].value(of: cell) {
                case .success(let value): values[number][index] = value
                case .failure(let fault):
                    list.add(
                        .value(
                            column: column.name, cell: String(cell.prefix(60)), line: row.line,
                            expected: fault.expected))
                }
            }
            check(depthsOf: index, in: row, read, &values, &list)
        }
        for (column, values) in zip(read, values) { set(column.field, values) }
        errata.append(list.errata)
    }

    private func values(of field: MetadataField) -> [String] {
        field.kind == .other
            ? others.first { $0.field == field }?.values ?? blank : known[field.kind] ?? blank
    }

    private mutating func set(_ field: MetadataField, _ values: [String]) {
        if field.kind != .other {
            known[field.kind] = values
        } else if let place = others.firstIndex(where: { $0.field == field }) {
            others[place].values = values
        } else {
            others.append((field, values))
        }
    }

    /// Without a column of a known name: the first one if its cells name pictures.
    private mutating func guessedKey(_ table: MetadataTable, _ names: inout PictureNames) -> Int? {
        let sample = table.rows.prefix(20).compactMap(\.fields.first)
        let found = sample.count { if case .one = names.match($0) { true } else { false } }
        guard !sample.isEmpty, found * 2 > sample.count else { return nil }
        let name = table.columns?.columns.first { $0.place == 0 }?.name ?? ""
        notes.append(
            "\(table.path): no column is called \"key\" or \"file name\". \"\(name)\" was read as it."
        )
        return 0
    }

    /// Fast path: the picture whose file name stands in a row of the usual width, exactly and as the
    /// only one.
    private func quickPicture(
        of row: Table.Row, _ key: Int, _ width: Int, _ files: [String: Int]
    ) -> Int? {
        guard row.fields.count <= width, key < row.fields.count else { return nil }
        return files[row.fields[key]]
    }

    /// The picture that a row is about; `nil` with a fault.
    private func picture(
        of row: Table.Row, _ key: Int, _ table: MetadataTable, _ names: inout PictureNames,
        _ list: inout FaultList
    ) -> Int? {
        let line = row.line
        let width = table.columns?.count ?? 0
        let cells = (row.fields.lastIndex { !$0.allSatisfy(\.isWhitespace) } ?? -1) + 1
        guard cells <= width else {
            list.add(.tooManyCells(line: line, count: cells, header: width))
            return nil
        }
        let name = key < row.fields.count ? PictureNames.trimmed(row.fields[key]) : ""
        guard !name.isEmpty else {
            list.add(.withoutKey(line: line))
            return nil
        }
        return list.picture(
            match(name, in: table.folder, &names), of: line, named: name, in: .metadata, &names)
    }

    /// File names of a table in a folder are first those of that folder.
    private func match(_ name: String, in folder: String, _ names: inout PictureNames)
        -> PictureNames.Match
    {
        let match = names.match(name)
        if folder.isEmpty { return match }
        if case .one(let index) = match, names.path(index).hasPrefix(folder + "/") { return match }
        if let index = names.picture(at: folder + "/" + name) { return .one(index) }
        guard case .one = match else {
            let inside = names.match(folder + "/" + name)
            if case .one = inside { return inside }
            return match
        }
        return match
    }

    /// Removes a depth that ends above its beginning.
    private func check(
        depthsOf index: Int, in row: Table.Row, _ read: [MetadataColumns.Column],
        _ values: inout [[String]], _ list: inout FaultList
    ) {
        guard let from = read.firstIndex(where: { $0.field.kind == .depthFrom }),
            let to = read.firstIndex(where: { $0.field.kind == .depthTo }),
            let begin = Double(values[from][index]), let end = Double(values[to][index]),
            begin > end
        else { return }
        list.add(.depths(from: values[from][index], to: values[to][index], line: row.line))
        values[from][index] = ""
        values[to][index] = ""
    }
}
