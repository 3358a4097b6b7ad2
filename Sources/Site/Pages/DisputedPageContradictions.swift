import AtlasModel
import Tables
import Templates

extension Pages {
    /// Largest number of pictures under several labels on the page, and of the files of one of them.
    private static let (contradictionsShown, filesShown) = (200, 12)

    /// Pictures under several labels.
    var contradictionValues: Value {
        let all = edition.contradictions
        let shown = all.prefix(Self.contradictionsShown)
        return [
            "hasContradictions": .flag(!all.isEmpty),
            "contradictions": .list(shown.map(contradiction)),
            "moreContradictions": .text(
                shown.count < all.count
                    ? "The first \(Figures.count(shown.count)) of \(Figures.count(all.count)) are shown; "
                        + "when they are settled, the next ones follow." : ""),
        ]
    }

    private func contradiction(_ files: [Int]) -> Value {
        let shown = files.prefix(Self.filesShown)
        var labels: [Int] = []
        for case let label? in files.map({ edition.images[$0].label }) where !labels.contains(label)
        {
            labels.append(label)
        }
        return picture(files[0]).joined(with: [
            "files": .list(
                shown.map { file in
                    [
                        "key": .text(edition.images[file].key),
                        "href": .text(layout.paths.places[file].page),
                        "label": layout.signs[edition.images[file].label].value,
                    ]
                }),
            "moreFiles": .text(
                shown.count < files.count
                    ? "and \(Figures.count(files.count - shown.count)) more" : ""),
            "choices": .list(
                labels.map { label in
                    [
                        "sign": layout.signs[label].value,
                        "key": .text(edition.images[files[0]].key),
                        "lines": .text(lines(setting: label, files)),
                    ]
                }),
        ])
    }

    /// Lines for `labels.csv` that give all files of a picture one label.
    private func lines(setting label: Int, _ files: [Int]) -> String {
        let same = files.first { edition.images[$0].label == label } ?? files[0]
        return files.filter { edition.images[$0].label.map { $0 != label } ?? false }.map { file in
            let line = CSV.line([
                edition.images[file].key, layout.signs[label].label,
                "the same picture as \(edition.images[same].key)",
            ])
            return String(line.dropLast())
        }.joined(separator: "\n")
    }
}
