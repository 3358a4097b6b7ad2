/// The measures of all pictures, and what is odd about each.
package struct PictureChecks: Sendable, Equatable {
    /// One for each picture, in key order; both are empty when nothing was measured.
    package let measures: [PictureMeasures]
    package let issues: [[PictureIssue]]

    package static let none = PictureChecks(measures: [], issues: [])

    /// - Precondition: there are issues for each measured picture, maybe none.
    package init(measures: [PictureMeasures], issues: [[PictureIssue]]) {
        precondition(measures.count == issues.count, "each measured picture has its issues")
        self.measures = measures
        self.issues = issues
    }

    /// The pictures with an issue.
    package var odd: [Int] { issues.indices.filter { !issues[$0].isEmpty } }

    /// `dark, blurred`; empty without an issue.
    package func words(of index: Int) -> String {
        issues[index].map(\.rawValue).joined(separator: ", ")
    }

    /// Name of the field of metadata that holds these words.
    package static let field = MetadataField(named: "Image check")
}

extension Metadata {
    /// With a field that says what is odd about each picture, so that pages list it and walls are
    /// filtered by it; unchanged when nothing is odd.
    package func including(_ checks: PictureChecks) -> Metadata {
        guard !checks.odd.isEmpty else { return self }
        return Metadata(
            fields: fields + [PictureChecks.field],
            values: values + [checks.issues.indices.map(checks.words)])
    }
}
