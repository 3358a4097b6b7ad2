/// Where metadata come from besides the collection itself.
package struct MetadataSources: Sendable {
    /// Tables outside the collection. A later one counts more.
    package var tables: [MetadataTable]
    /// Finds specimens in names of files where no table names one; `nil` for none.
    package var specimens: SpecimenPattern?

    package init(tables: [MetadataTable] = [], specimens: SpecimenPattern? = nil) {
        self.tables = tables
        self.specimens = specimens
    }
}
