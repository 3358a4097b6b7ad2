import AtlasModel
import Foundation
import Tables

/// The odd pictures of an edition for other programs: `checks.csv`.
enum CheckList {
    static let path = "checks.csv"

    /// No files when nothing is odd.
    static func files(_ layout: Layout) -> [File] {
        let checks = layout.edition.checks
        let odd = checks.odd
        guard !odd.isEmpty else { return [] }
        let header = [
            "key", "page", "odd", "width", "height", "brightness 5 %", "brightness 99 %",
            "entropy", "edges", "greys",
        ]
        var csv = Array(CSV.line(header).utf8)
        for index in odd {
            let (image, measures) = (layout.edition.images[index], checks.measures[index])
            let numbers = [
                measures.dimmest, measures.brightest, measures.entropy, measures.edges,
                measures.greys,
            ]
            let row =
                [
                    image.key, layout.paths.places[index].page, checks.words(of: index),
                    "\(image.width)", "\(image.height)",
                ] + numbers.map { String(format: "%.4f", $0) }
            csv += CSV.line(row).utf8
        }
        return [File(path: path, bytes: csv)]
    }
}

extension PictureIssue {
    /// When a picture has it, as the end of a sentence.
    var meaning: String {
        switch self {
        case .dark: "the 99th percentile of brightness is below 0.32 of white"
        case .light: "the 5th percentile of brightness is above 0.95 of white"
        case .flat: "the histogram of its colours holds less than 3 bits"
        case .blurred: "the standard deviation of its edges is below 34, and its greys are spread"
        case .oddShape: "one side is shorter than 0.35 of the other"
        case .oddSize:
            "√(width · height) is further than 3 interquartile ranges outside the quartiles"
        }
    }
}
