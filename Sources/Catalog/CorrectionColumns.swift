import Messages

/// The columns of a table of corrections.
struct CorrectionColumns {
    private(set) var key = 0
    private(set) var label = 1
    private(set) var reason: Int? = 2
    /// Number of columns; `nil` without a header.
    private(set) var count: Int?
    /// Names of columns that are not read.
    private(set) var unused: [String] = []
    /// The name in place of "label", if no column has a name for the labels.
    private(set) var unknownLabel: String?

    /// Key, label and reason, as in a table without a header.
    init() {}

    /// - Parameter fields: a row of the table. `nil` when it is no header.
    init?(header fields: [String]) {
        let names = fields.map { PictureNames.trimmed($0).lowercased() }
        guard let key = TableFile.keyColumn(fields.map(Self.plain)),
            let label = Self.first(Self.labels, in: names)
                ?? (key == 0 && names[0] == "key" ? 1 : nil)
        else { return nil }
        self.key = key
        self.label = label
        if label < names.count, !Self.labels.contains(names[label]) { unknownLabel = names[label] }
        let others = names.indices.filter { $0 != key && $0 != label }
        // A third column without a known name was always read as the reason.
        reason =
            others.first { Self.reasons.contains(names[$0]) }
            ?? others.first { names[$0].isEmpty == false }
        count = (names.lastIndex { !$0.isEmpty } ?? 0) + 1
        unused = others.filter { $0 != reason && !names[$0].isEmpty }.map { fields[$0] }
    }

    static func areHeader(_ fields: [String]) -> Bool {
        let names = fields.map { PictureNames.trimmed($0).lowercased() }
        // Every row of a long table is asked, and nearly none has a name of the labels.
        return first(labels, in: names) != nil && TableFile.keyColumn(fields.map(plain)) != nil
    }

    private static func plain(_ field: String) -> String {
        TableFile.plain(PictureNames.trimmed(field))
    }

    private static func first(_ known: [String], in names: [String]) -> Int? {
        known.lazy.compactMap { names.firstIndex(of: $0) }.first
    }

    // In order of preference.
    private static let labels = ["label", "type", "rock type", "rock_type", "rock", "class"]
    private static let reasons = ["reason", "comment", "comments", "remark", "remarks", "notes"]
}
