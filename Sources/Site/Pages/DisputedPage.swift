import AtlasModel
import Tables
import Templates

extension SinglePage {
    /// In the navigation only when there are labels to examine. Without a network there may be none
    /// that is disputed, and the page tells of corrections.
    static let disputed = SinglePage(
        name: "disputed", title: "Disputed labels",
        exists: {
            $0.edition.classifier != nil || !$0.edition.corrections.isEmpty
                || !$0.edition.contradictions.isEmpty
        },
        navigation: { contents in
            let edition = contents.edition
            let isEmpty =
                edition.evidence.disputed.isEmpty && edition.corrections.isEmpty
                && edition.contradictions.isEmpty
            return isEmpty ? nil : "Disputed"
        },
        sentence: { DisputedText($0.layout).brief }, make: { [try $0.disputedPage()] })
}

extension Pages {
    /// Largest number of disputed labels on the page.
    static let disputedShown = 200
    /// Number of typical pictures of a type.
    private static let typicalShown = 4

    /// `disputed.html`: pictures under several labels, labels that the evidence contradicts, strongest
    /// evidence first, and labels that geologists have corrected.
    func disputedPage() throws -> File {
        let evidence = edition.evidence
        let text = DisputedText(layout)
        let shown = evidence.disputed.prefix(Self.disputedShown)
        let typical = edition.rockTypes.indices.map { type in
            shown.contains { $0.label == type || $0.predicted == type }
                ? self.typical(of: type) : []
        }
        let corrected = Dictionary(
            uniqueKeysWithValues: edition.corrections.map { ($0.key, $0) })
        let values: Value = [
            "sentence": .text(text.sentence), "basis": .text(text.basis),
            "method": .text(DisputedText.method),
            "more": .text(
                shown.count < evidence.disputed.count
                    ? "The strongest \(Figures.count(shown.count)) of "
                        + "\(Figures.count(evidence.disputed.count)) are shown." : ""),
            "confirmed": .text(
                evidence.confirmed == 0
                    ? ""
                    : "\(Figures.counted(evidence.confirmed, "label that would be disputed has", "labels that would be disputed have")) "
                        + "been confirmed by a geologist and \(evidence.confirmed == 1 ? "is" : "are") left out."
            ),
            "hasDisputed": .flag(!shown.isEmpty), "csv": .text(OtherLists.disputedPath),
            "disputes": .list(
                shown.map { dispute($0, typical, corrected[edition.images[$0.index].key]) }),
            "hasCorrections": .flag(!edition.corrections.isEmpty),
            "corrections": .list(edition.corrections.map(correction)),
        ]
        return try page(.disputed, values.joined(with: contradictionValues))
    }

    private func dispute(
        _ disputed: DisputedLabel, _ typical: [[Value]], _ correction: LabelCorrection?
    ) -> Value {
        let prediction = edition.predictions[disputed.index]
        let image = edition.images[disputed.index]
        func side(_ heading: String, _ type: Int) -> Value {
            [
                "heading": .text(heading), "sign": layout.signs[type].value,
                "probability": .text(Figures.probability(prediction.probabilities[type])),
                "typical": .list(typical[type]),
            ]
        }
        let line = CSV.line([
            image.key, layout.signs[disputed.predicted].label,
            "a \(edition.classifierNoun) that had not seen it gives "
                + "\(Figures.digits(percent: 100 * Double(prediction.confidence))) %",
        ])
        return picture(disputed.index).joined(with: [
            "sides": .list([
                side("Label", disputed.label), side("Predicted type", disputed.predicted),
            ]),
            "line": .text(String(line.dropLast())),
            "reason": .text(
                correction.map { "This label is a correction, made for this reason: \($0.reason)" }
                    ?? ""),
            "part": .text(image.split == .train ? "training part" : "\(image.split.rawValue) part"),
        ])
    }

    /// The pictures with this label for which networks that were not trained on them gave the type
    /// the highest probability. Disputed pictures and copies of earlier pictures are left out.
    private func typical(of type: Int) -> [Value] {
        let disputed = Set(edition.evidence.disputed.map(\.index))
        let members = edition.evidence.judged.filter {
            edition.images[$0].label == type && !disputed.contains($0)
        }
        let probability = { (index: Int) in self.edition.predictions[index].probabilities[type] }
        var digests: Set<String> = []
        return members.sorted { (probability($1), $0) < (probability($0), $1) }
            .filter { digests.insert(edition.images[$0].digest).inserted }
            .prefix(Self.typicalShown).map(picture)
    }

    private func correction(_ correction: LabelCorrection) -> Value {
        let index = edition.images.firstIndex { $0.key == correction.key }
        return [
            "key": .text(correction.key),
            "href": .text(index.map { layout.paths.places[$0].page } ?? ""),
            "from": layout.signs[correction.folder].value,
            "to": layout.signs[correction.label].value,
            "confirms": .flag(correction.confirms), "reason": .text(correction.reason),
        ]
    }
}
