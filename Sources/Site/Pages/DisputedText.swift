import AtlasModel

/// The sentences about disputed labels.
struct DisputedText {
    private let edition: Edition

    init(_ layout: Layout) { edition = layout.edition }

    /// `2 pictures stand under several labels. 12 of 360 labels are contradicted by the evidence.`
    var sentence: String { [contradictions, evidence].compactMap { $0 }.joined(separator: " ") }

    private var contradictions: String? {
        let count = edition.contradictions.count
        guard count > 0 else { return nil }
        return "\(Figures.pictures(count)) \(count == 1 ? "stands" : "stand") under several labels."
    }

    private var evidence: String {
        let evidence = edition.evidence
        let judged = evidence.judged.count
        let disputed = evidence.disputed.count
        if judged == 0 {
            return "No label could be judged by a \(edition.classifierNoun) "
                + "that had not seen its picture."
        }
        if disputed == 0 {
            return "No label is contradicted by a \(edition.classifierNoun) "
                + "that had not seen its picture; "
                + "\(Figures.count(judged)) \(judged == 1 ? "was" : "were") judged."
        }
        return "\(Figures.count(disputed)) of \(Figures.counted(judged, "label", "labels")) "
            + "\(disputed == 1 ? "is" : "are") contradicted by a \(edition.classifierNoun) that had not seen the "
            + "\(judged == 1 ? "picture" : "pictures")."
    }

    /// The sentence on the front page.
    var brief: String {
        let disputed = edition.evidence.disputed.count
        if disputed == 0, let contradictions { return contradictions }
        return disputed == 0
            ? "No label is contradicted by a \(edition.classifierNoun) that had not seen its picture."
            : "\(Figures.counted(disputed, "label", "labels")) contradicted by a \(edition.classifierNoun) that had not "
                + "seen \(disputed == 1 ? "its picture" : "their pictures"), strongest first."
    }

    /// Which pictures were examined, and which networks predicted them.
    var basis: String {
        guard let classifier = edition.classifier else {
            return "This atlas has no network, so no label was compared with a prediction."
        }
        if classifier.folds > 0 {
            return "Pictures of the training part were judged by \(Figures.word(classifier.folds)) "
                + "\(edition.classifierNoun)s that had not seen them, those of the dev and the test part by the "
                + "\(edition.classifierNoun) of this atlas, whose \(classifier.kind == .fused ? "parts" : "weights") have "
                + "learned from neither."
        }
        let chosen =
            switch classifier.kind {
            case .network: "chose its epoch"
            case .textures: "its temperature"
            case .fused: "chose the epoch and the weight of its network"
            }
        let learned =
            classifier.isFromFile
            ? "The \(edition.classifierNoun) came from a file: it may have learned from the training part, and the "
                + "dev part may have chosen its epoch. "
            : "The \(edition.classifierNoun) has learned from the training part, and the dev part \(chosen). "
        return learned + "So only pictures of the test part were "
            + "judged\(classifier.seenInTest > 0 ? ", without those that its file lists as learned from" : ""). "
            + "To have nearly all of them judged, build the atlas with folds."
    }

    /// How the disputed labels are found.
    static let method =
        "The threshold of a type is the mean probability that pictures labelled so are given for it. "
        + "A label is disputed when the predicted type is another and reaches its threshold "
        + "(confident learning, Northcutt, Jiang and Chuang 2021). Those with the widest margin "
        + "between the two probabilities come first. The prediction may be wrong all the same: look."
}
