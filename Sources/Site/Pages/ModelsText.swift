import AtlasModel

/// The sentences of the models page.
struct ModelsText {
    private let edition: Edition
    private let signs: TypeSigns

    init(_ layout: Layout) {
        edition = layout.edition
        signs = layout.signs
    }

    /// The share of test pictures named as labelled, and the weakest point.
    var statement: String {
        let test = edition.classifier.test
        let name = edition.classifier.name
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

    /// The type that is found least often, and what it is taken for.
    private var weakness: String? {
        let test = edition.classifier.test
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

    /// Which pictures the figures are about, and what the predictions on the other pages rest on.
    var basis: String {
        let classifier = edition.classifier
        let asFar = classifier.epochs == nil ? ", as far as its file tells" : ""
        var sentences = [
            "The figures about the network are from the test part of the collection, "
                + "which it has not learned from\(asFar)."
        ]
        if classifier.seenInTest > 0 {
            sentences.append(
                "\(Figures.pictures(classifier.seenInTest)) of the test part \(classifier.seenInTest == 1 ? "was" : "were") left out, "
                    + "because the file of the network says that it has learned from \(classifier.seenInTest == 1 ? "it" : "them")."
            )
        }
        if classifier.folds > 0 {
            sentences.append(
                "The predictions for training pictures on the plates come from \(Figures.word(classifier.folds)) further networks, "
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
        return sentences.joined(separator: " ")
    }

    /// How the number of clusters came about.
    var clusters: String {
        let clustering = edition.clustering
        let k =
            Figures.word(clustering.k).capitalizedFirst
            + (clustering.k == 1 ? " cluster" : " clusters")
        if let suggested = clustering.suggested {
            return suggested == clustering.k
                ? "\(k), where the curve of inertia bends most."
                : "\(k) are used; the curve of inertia bends most at \(suggested)."
        }
        return "\(k), a number that was given when the atlas was built."
    }
}
