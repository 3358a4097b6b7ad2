/// Names of the columns of lists.
enum ListColumns {
    /// The names of the metadata's fields in a list with columns of its own. No name stands twice, because
    /// programs find columns by name, some of them without regard to capital letters. `GEO.listOf` does the same.
    ///
    ///     ListColumns.names(of: ["Label", "site"], beside: ["key", "label"])  // ["metadata Label", "site"]
    static func names(of fields: [String], beside own: [String]) -> [String] {
        var taken = Set(own.map { $0.lowercased() })
        return fields.map { field in
            var name = field
            while !taken.insert(name.lowercased()).inserted { name = "metadata \(name)" }
            return name
        }
    }
}
