import AtlasModel
import Tables
import Templates

extension SinglePage {
    /// Only in editions with duplicates or verdicts on them.
    static let duplicates = SinglePage(
        name: "duplicates", title: "Duplicates",
        exists: { !$0.layout.duplicates.isEmpty },
        sentence: { $0.layout.duplicates.sentence }, make: { [try $0.duplicatesPage()] })
}

extension Pages {
    /// Most sets on the page, and pictures and pairs of one set.
    private static let (setsShown, shownOfSet) = (200, 12)
    private static let listPath = "duplicates.csv"

    /// `duplicates.html`.
    fileprivate func duplicatesPage() throws -> File {
        let duplicates = layout.duplicates
        let shown = duplicates.sets.prefix(Self.setsShown)
        return try page(
            .duplicates,
            [
                "sentence": .text(duplicates.sentence), "csv": .text(Self.listPath),
                "more": .text(
                    shown.count < duplicates.sets.count
                        ? "The first \(Figures.count(shown.count)) are shown; the table has all."
                        : ""),
                "sets": .list(shown.map(set)),
            ])
    }

    private func set(_ found: DuplicateSets.Found) -> Value {
        let moreOf: (Int) -> Value = { count in
            .text(
                count > Self.shownOfSet ? "and \(Figures.count(count - Self.shownOfSet)) more" : "")
        }
        return [
            "heading": .text(Figures.pictures(found.pictures.count)),
            "state": .text(
                found.open == 0 ? "decided" : Figures.counted(found.open, "open pair", "open pairs")
            ),
            "isOpen": .flag(found.open > 0),
            "pictures": .list(
                found.pictures.prefix(Self.shownOfSet).map { index in
                    picture(index).joined(with: [
                        "label": layout.signs[edition.images[index].label].value
                    ])
                }),
            "morePictures": moreOf(found.pictures.count),
            "pairs": .list(found.pairs.prefix(Self.shownOfSet).map(pair)),
            "morePairs": moreOf(found.pairs.count),
        ]
    }

    private func pair(_ found: DuplicateSets.Pair) -> Value {
        let pair = found.pair
        let isStillOne =
            found.verdict.map { !$0.isDuplicate } ?? false
            && edition.groups.first[pair.a] == edition.groups.first[pair.b]
        return [
            "a": .text(edition.images[pair.a].key), "b": .text(edition.images[pair.b].key),
            "hrefA": .text(layout.paths.places[pair.a].page),
            "hrefB": .text(layout.paths.places[pair.b].page),
            "kind": .text(pair.kind.phrase),
            "correlation": .text(
                pair.correlation.isNaN ? "" : Figures.decimal(pair.correlation, places: 3)),
            "verdict": .text(found.verdict?.word ?? ""),
            "reason": .text(found.verdict?.reason ?? ""),
            "remark": .text(isStillOne ? "still one group, because other pairs connect them" : ""),
            "lines": .list(
                found.verdict == nil
                    ? [true, false].map { isDuplicate in
                        let word = DuplicateVerdict.word(isDuplicate: isDuplicate)
                        return [
                            "verdict": .text(word),
                            "line": .text(
                                String(line(pair.a, pair.b, word, "").dropLast())),
                        ]
                    } : []),
        ]
    }

    private func line(
        _ a: Int, _ b: Int, _ verdict: String, _ reason: String, _ more: [String] = []
    )
        -> String
    {
        CSV.line([edition.images[a].key, edition.images[b].key, verdict, reason] + more)
    }

    /// `duplicates.csv`: all pairs, and all verdicts, in the form in which verdicts are read.
    func duplicateList() -> File {
        let duplicates = layout.duplicates
        var csv = CSV.line(["a", "b", "verdict", "reason", "kind", "correlation"])
        for found in duplicates.sets.flatMap(\.pairs) {
            let pair = found.pair
            csv += line(
                pair.a, pair.b, found.verdict?.word ?? "", found.verdict?.reason ?? "",
                [
                    pair.kind.rawValue,
                    pair.correlation.isNaN ? "" : Figures.decimal(pair.correlation, places: 4),
                ])
        }
        for verdict in duplicates.others {
            csv += line(verdict.a, verdict.b, verdict.word, verdict.reason, ["", ""])
        }
        return File(path: Self.listPath, bytes: Array(csv.utf8))
    }
}

extension PairKind {
    /// In a table: `the same ground`.
    fileprivate var phrase: String {
        switch self {
        case .identical: "identical"
        case .copy: "a copy"
        case .ground: "the same ground"
        case .specimen: "one specimen"
        }
    }
}
