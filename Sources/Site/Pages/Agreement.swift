import AtlasModel
import Statistics

/// How often pictures of a type are predicted as labelled, counted on unbiased predictions only.
struct Agreement {
    let proportion: Proportion
    /// Whether only test pictures were counted, because the network was trained on the others.
    let isTestOnly: Bool
    /// The most frequent wrong prediction for the same pictures, the first class of equally
    /// frequent ones; `nil` when all are predicted as labelled.
    let commonestMistake: (type: Int, count: Int)?

    /// - Parameters:
    ///   - type: class index.
    ///   - members: pictures with this label.
    /// - Returns: `nil` without a network.
    init?(_ edition: Edition, type: Int, members: [Int]) {
        guard let classifier = edition.classifier else { return nil }
        isTestOnly = classifier.folds == 0
        var row = edition.rockTypes.map { _ in 0 }
        if isTestOnly {
            row = classifier.test.confusion[type]
        } else {
            for member in members { row[edition.predictions[member].predicted] += 1 }
        }
        proportion = Proportion(row[type], of: row.reduce(0, +))
        let mistakes = row.indices.filter { $0 != type && row[$0] > 0 }
        commonestMistake = mistakes.min { (row[$1], $0) < (row[$0], $1) }.map { ($0, row[$0]) }
    }

    /// `97.9 % predicted as labelled`; empty when nothing was counted.
    var sentence: String {
        guard let share = proportion.share else { return "" }
        let amount = share == 1 ? "All" : Figures.share(share)
        // Short enough for one line of the front page.
        return isTestOnly ? "\(amount) as labelled (test set)" : "\(amount) predicted as labelled"
    }
}
