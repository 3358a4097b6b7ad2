import AtlasModel
import Statistics

/// The sentences of the models page.
struct ModelsText {
    private let edition: Edition
    private let classifier: ClassifierSummary
    private let signs: TypeSigns

    init(_ layout: Layout, _ classifier: ClassifierSummary) {
        edition = layout.edition
        self.classifier = classifier
        signs = layout.signs
    }

    /// The share of test pictures predicted as labelled, and the weakest type.
    var statement: String {
        let test = classifier.test
        let name = classifier.name
        guard let accuracy = test.accuracy else {
            return "How often the \(edition.classifierNoun) \(name) is right is not known: "
                + "the test part holds no labelled picture that it has not learned from."
        }
        let amount = accuracy == 1 ? "all" : Figures.share(accuracy) + " of the"
        let text =
            "The \(edition.classifierNoun) \(name) names \(amount) \(Figures.pictures(test.count).lowercasedFirst) "
            + "\(unseen) as they are labelled."
        return [text, weakness].compactMap { $0 }.joined(separator: " ")
    }

    /// The sentence on the front page.
    var brief: String {
        let test = classifier.test
        guard let accuracy = test.accuracy else { return "How the types were predicted." }
        return
            "\(classifier.name) names \(Figures.share(accuracy)) of "
            + "\(Figures.pictures(test.count)) \(unseen) as they are labelled."
    }

    /// Which test pictures count.
    private var unseen: String {
        edition.groups.members.isEmpty
            ? "it has not learned from" : "from groups it has not learned from"
    }

    /// The type with the lowest recall, and what its pictures are predicted as instead.
    private var weakness: String? {
        let test = classifier.test
        let judged = test.perClass.indices.filter { test.perClass[$0].support > 0 }
        guard let type = judged.min(by: { test.perClass[$0].recall < test.perClass[$1].recall }),
            test.perClass[type].recall < 1
        else { return nil }
        let row = test.confusion[type]
        let others = row.indices.filter { $0 != type }
        guard let taken = others.max(by: { (row[$0], $1) < (row[$1], $0) }), row[taken] > 0 else {
            return nil
        }
        let share = Figures.share(Double(row[taken]) / Double(test.perClass[type].support))
        return "\(signs[type].title) is its weakest point: \(share) "
            + "are taken for \(signs[taken].label)."
    }

    /// Which pictures the figures are about, and which networks made the predictions on the other
    /// pages.
    var basis: String {
        let asFar = classifier.isFromFile ? ", as far as its file tells" : ""
        var sentences: [String] = []
        if classifier.test.count > 0 {
            sentences.append(
                "The figures about the \(edition.classifierNoun) are from the test part of the collection, "
                    + "which it has not learned from\(asFar).")
        }
        sentences += SplitText(edition, classifier).sentences
        if classifier.folds > 0 {
            sentences.append(
                "The predictions for training pictures on the plates come from \(Figures.counted(classifier.folds, "further \(edition.classifierNoun)", "further \(edition.classifierNoun)s")), "
                    + "each of which judged only pictures it had not seen.")
        } else if classifier.isFromFile {
            sentences.append(
                "The \(edition.classifierNoun) came from a file. It may have learned from pictures of the training part, "
                    + "so its predictions for these can look better than they are.")
        } else {
            sentences.append(
                "Pictures of the training part were seen by this \(edition.classifierNoun), "
                    + "so its predictions for these look better than they are.")
        }
        return sentences.joined(separator: " ")
    }

    /// How reliable the probabilities are.
    var calibration: String {
        let summary = classifier.calibration
        guard summary.isFitted else {
            return
                "The file of the \(edition.classifierNoun) tells no temperature, so the probabilities on the pages "
                + "are those that the \(edition.classifierNoun) gives. Where the points lie below the broken line, "
                + "it believes itself too much."
        }
        var text =
            "The probabilities on the pages are calibrated: the \(edition.classifierNoun)'s scores are divided by a "
            + "temperature of \(Figures.decimal(summary.temperature, places: 2)), fitted on the dev "
            + "part. The predicted type stays the same."
        if let before = summary.before.expectedError, let after = summary.after.expectedError {
            text +=
                " On test pictures the expected calibration error, the mean difference between "
                + "stated probability and share, is \(Figures.share(before)) before and "
                + "\(Figures.share(after)) after."
        }
        return text
    }

    /// The caption of a learning curve.
    func caption(of quantity: EpochChart.Quantity) -> String {
        switch quantity {
        case .loss:
            "Mean cross-entropy. The training pictures are judged as they are presented, turned and "
                + "with dropout, so their loss may lie above that of the dev pictures. The weights "
                + "of the epoch with the lowest dev loss are kept."
        case .accuracy:
            "Share of dev pictures predicted as labelled. The dev part chooses the epoch and teaches "
                + "nothing else; the figures above are of the test part."
        }
    }
}
