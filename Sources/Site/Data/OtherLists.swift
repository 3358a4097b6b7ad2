import AtlasModel
import Tables

/// The lists behind the pages of disputed labels and errata, with all their lines.
enum OtherLists {
    static let disputedPath = "disputed.csv"
    static let errataPath = "errata.csv"

    /// `disputed.csv`: labels that the evidence contradicts, strongest evidence first. Empty without any.
    static func disputed(_ layout: Layout) -> [File] {
        let edition = layout.edition
        return list(
            disputedPath, ["key", "page", "label", "predicted", "probability"],
            edition.evidence.disputed.map { disputed in
                [
                    edition.images[disputed.index].key, layout.paths.places[disputed.index].page,
                    edition.rockTypes[disputed.label].label,
                    edition.rockTypes[disputed.predicted].label,
                    "\(edition.predictions[disputed.index].confidence)",
                ]
            })
    }

    /// `errata.csv`: every file that could not be used as it is.
    static func errata(_ layout: Layout) -> [File] {
        list(
            errataPath, ["path", "kind", "reason", "detail", "advice"],
            layout.edition.errata.map { erratum in
                [
                    erratum.path, erratum.kind.rawValue, erratum.heading, erratum.detail ?? "",
                    erratum.advice,
                ]
            })
    }

    /// No file without lines.
    private static func list(_ path: String, _ header: [String], _ rows: [[String]]) -> [File] {
        rows.isEmpty
            ? []
            : [File(path: path, bytes: Array(([header] + rows).map(CSV.line).joined().utf8))]
    }
}
