import AtlasModel

/// How often pictures of a type are predicted as they are labelled, counted where that is fair.
struct Agreement {
    let proportion: Proportion
    /// Whether only test pictures were counted, because the network has seen the others.
    let isTestOnly: Bool

    /// - Parameters:
    ///   - type: class index.
    ///   - members: pictures labelled so.
    init(_ edition: Edition, type: Int, members: [Int]) {
        isTestOnly = edition.classifier.folds == 0
        if isTestOnly {
            let row = edition.classifier.test.confusion[type]
            proportion = Proportion(hits: row[type], of: row.reduce(0, +))
        } else {
            let hits = members.count { edition.predictions[$0].predicted == type }
            proportion = Proportion(hits: hits, of: members.count)
        }
    }

    /// `97.9 % predicted as labelled`; empty when nothing was counted.
    var sentence: String {
        guard let share = proportion.share else { return "" }
        let amount = share == 1 ? "All" : Figures.share(share)
        // Short enough for one line of the front page.
        return isTestOnly ? "\(amount) as labelled (test set)" : "\(amount) predicted as labelled"
    }
}
