import AtlasModel
import Statistics
import Templates

extension Pages {
    /// What a random split would have claimed.
    var claimValues: Value {
        guard let claim = classifier.randomClaim else {
            return ["claim": .text(""), "claims": .list([])]
        }
        let rows = ClaimRow.rows(edition, claim)
        return [
            "claim": .text(rows.first.map { statement(claim, $0) } ?? ""),
            "claims": .list(
                rows.map { row in
                    [
                        "name": .text(row.name),
                        "pictures": .text(Figures.count(row.byGroups.total)),
                        "groups": .text(Figures.count(row.byGroups.clusters)),
                        "byGroups": cell(row.byGroups), "atRandom": cell(row.atRandom),
                        "difference": .text(row.difference),
                    ]
                }),
        ]
    }

    private func cell(_ share: ClusteredProportion) -> Value {
        [
            "share": .text(share.share.map(Figures.share) ?? "–"),
            "interval": .text(Figures.interval(share.interval)),
        ]
    }

    private func statement(_ claim: RandomClaim, _ all: ClaimRow) -> String {
        "If pictures are divided at random, a \(edition.classifierNoun) is asked about ground and specimens that it has "
            + "seen. To show by how much that flatters, one more \(edition.classifierNoun) was trained on "
            + "\(Figures.pictures(claim.trained).lowercasedFirst) of the training part drawn at random "
            + "(equal ones together), about as many as the \(edition.classifierNoun) of a fold has, and asked about the other "
            + "\(Figures.count(claim.pictures.count)). Each of these was also predicted by the \(edition.classifierNoun) of "
            + "a fold, which had seen nothing of its group. Differences are in points of a percent, of the "
            + "same pictures; intervals are of 95 % and count groups."
    }
}
