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
            return "How often the network \(name) is right is not known: "
                + "the test part holds no labelled picture that it has not learned from."
        }
        let amount = accuracy == 1 ? "all" : Figures.share(accuracy) + " of the"
        let text =
            "The network \(name) names \(amount) \(Figures.pictures(test.count).lowercasedFirst) "
            + "it has not learned from as they are labelled."
        return [text, weakness].compactMap { $0 }.joined(separator: " ")
    }

    /// The sentence on the front page.
    var brief: String {
        let test = classifier.test
        guard let accuracy = test.accuracy else { return "How the types were predicted." }
        return
            "\(classifier.name) names \(Figures.share(accuracy)) of "
            + "\(Figures.pictures(test.count)) it has not learned from as they are labelled."
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
    func basis(_ pictures: PictureSource) -> String {
        let asFar = classifier.epochs == nil ? ", as far as its file tells" : ""
        var sentences: [String] = []
        if classifier.test.count > 0 {
            sentences.append(
                "The figures about the network are from the test part of the collection, "
                    + "which it has not learned from\(asFar).")
        }
        if classifier.seenInTest > 0 {
            sentences.append(
                "\(Figures.pictures(classifier.seenInTest)) of the test part \(classifier.seenInTest == 1 ? "was" : "were") left out, "
                    + "because the file of the network says that it has learned from \(classifier.seenInTest == 1 ? "it" : "them")."
            )
        }
        if classifier.folds > 0 {
            sentences.append(
                "The predictions for training pictures on the plates come from \(Figures.counted(classifier.folds, "further network", "further networks")), "
                    + "each of which judged only pictures it had not seen.")
        } else if classifier.epochs == nil {
            sentences.append(
                "The network came from a file. It may have learned from pictures of the training part, "
                    + "so its predictions for these can look better than they are.")
        } else {
            sentences.append(
                "Pictures of the training part were seen by this network, "
                    + "so its predictions for these look better than they are.")
        }
        if let nearCopies = nearCopies(pictures) { sentences.append(nearCopies) }
        return sentences.joined(separator: " ")
    }

    /// What makes two pictures nearly the same: a correlation distance below the first number; or
    /// one below the second, and a mean difference of at most the third. The first finds copies that
    /// are brighter, the second copies that were saved with a lower quality. Of the 348 million pairs
    /// of the reference collection 48 fulfil the second, all with equal labels.
    private static let (nearDistance, copyDistance, copyDifference) = (0.01, 0.03, 6.0)

    /// How many test pictures are nearly the same as a training picture, as far as the lists of
    /// targets show it, and the accuracy without them; `nil` when there are none.
    private func nearCopies(_ pictures: PictureSource) -> String? {
        let judged = classifier.judged
        guard let lists = edition.neighboursByCorrelation?.matches else { return nil }
        let others = judged.filter { index in
            !lists[index].contains {
                edition.images[$0.target].split == .train && isNearCopy($0, of: index, pictures)
            }
        }
        let count = judged.count - others.count
        guard count > 0 else { return nil }
        let most =
            "\(Figures.counted(count, "test picture is", "test pictures are")) nearly the same as a "
            + "picture of the training part"
        let correct = others.count { edition.predictions[$0].predicted == edition.images[$0].label }
        guard let share = Proportion(correct, of: others.count).share else {
            return
                "\(most), so the share says nothing about other pictures. Leave copies of pictures out."
        }
        return
            "\(most); without \(count == 1 ? "it" : "them") the share is \(Figures.share(share))."
    }

    private func isNearCopy(_ match: Match, of index: Int, _ pictures: PictureSource) -> Bool {
        if match.distance < Self.nearDistance { return true }
        guard match.distance < Self.copyDistance, match.rotation == 0 else { return false }
        let (one, other) = (pictures.vector(index), pictures.vector(match.target))
        let sum = zip(one, other).reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) }
        return Double(sum) <= Self.copyDifference * Double(one.count)
    }

    /// How reliable the probabilities are.
    var calibration: String {
        let summary = classifier.calibration
        guard summary.isFitted else {
            return
                "The file of the network tells no temperature, so the probabilities on the pages "
                + "are those that the network gives. Where the points lie below the broken line, "
                + "it believes itself too much."
        }
        var text =
            "The probabilities on the pages are calibrated: the network's scores are divided by a "
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
