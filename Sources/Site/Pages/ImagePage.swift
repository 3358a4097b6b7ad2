import AtlasModel
import Files
import Templates

extension PageKind {
    static let image = PageKind(
        name: "image", paths: { $0.layout.paths.places.map(\.page) }, links: { _ in [] },
        rows: { _ in [] },
        making: .each(
            { try $0.imagePage($1) }, samples: { $0.layout.sampleImages },
            sources: { try $0.imagePageSources($2, of: $1) }))
}

extension Layout {
    /// The first picture of each sort: photograph or not, labelled or not, predicted as labelled or
    /// not, with targets or without.
    fileprivate var sampleImages: [Int] {
        var seen: Set<[Bool]> = []
        return edition.images.indices.filter { index in
            let image = edition.images[index]
            let sort = [
                image.isSmall, image.label == nil,
                image.label == edition.prediction(of: index)?.predicted,
                edition.shownInPanels.allSatisfy { $0.matches[index].isEmpty },
                edition.shownInPanels.contains { table in
                    table.matches[index].contains { $0.rotation != 0 }
                },
                edition.metadata.isKnown(index), specimens[index] != nil, sealed.contains(index),
                scenes.places[index] != nil,
                edition.metadata.value(.scale, of: index) != nil,
                edition.folded != nil && groups.hasMates(index),
            ]
            return seen.insert(sort).inserted
        }
    }
}

extension Pages {
    /// The page of a picture: the picture, its name and prediction, and its look-alikes. It shows as
    /// many metadata as there is room for.
    func imagePage(_ index: Int) throws -> File {
        let metadata = metadataFacts(index, bytes: Self.shownMetadata)
        let page = try imagePage(index, metadata)
        let excess = page.bytes.count - Self.heaviest
        guard excess > 0, !metadata.facts.isEmpty else { return page }
        return try imagePage(
            index, metadataFacts(index, bytes: max(Self.leastMetadata, metadata.bytes - excess)))
    }

    /// Most bytes of a page with metadata.
    private static let heaviest = 6_990
    /// Bytes of metadata that a page shows however heavy it is.
    private static let leastMetadata = 300

    private func imagePage(_ index: Int, _ metadata: MetadataFacts) throws -> File {
        let picture = ShownPicture(index, metadata, self)
        return try page(
            .image, path: layout.paths.places[index].page,
            title: "\(picture.sign.title) \(picture.stem)", ShownPicture.fields.values(of: picture))
    }

    /// The parts of a name, divided after each underscore and hyphen, where a line may break.
    static func parts(of name: String) -> [String] {
        var parts = [""]
        for character in name {
            parts[parts.count - 1].append(character)
            if character == "_" || character == "-" { parts.append("") }
        }
        return parts.count > 1 && parts.last == "" ? parts.dropLast() : parts
    }

    /// Whether all values of the model vector are the same. Such a picture correlates with no
    /// other: all others are at distance 1, and their order means nothing.
    func isBlank(_ index: Int) -> Bool {
        let vector = pictures.vector(index)
        return vector.allSatisfy { $0 == vector[0] }
    }

    /// The ends of the four parts of the scale bar, in the picture's own pixels.
    static func scaleMarks(_ width: Int) -> [Value] {
        (0...4).map { quarter in
            let pixels = Double(width * quarter) / 4
            let isWhole = width * quarter % 4 == 0
            let text =
                isWhole ? Figures.count(width * quarter / 4) : Figures.decimal(pixels, places: 1)
            return .text(quarter == 4 ? text + Figures.thin + "px" : text)
        }
    }

    /// Largest number of types for which all probabilities are shown, and the number of the highest
    /// ones that are shown of more types.
    private static let (allBars, mostBars) = (10, 6)

    /// The types whose probabilities are shown, in the order of the plates: with many types, the
    /// most probable ones and the label.
    private func barTypes(_ prediction: Prediction, _ label: Int?) -> [Int] {
        guard edition.plates.count > Self.allBars else { return edition.plates }
        // The sort is stable.
        let shown = edition.plates.sorted {
            prediction.probabilities[$0] > prediction.probabilities[$1]
        }.prefix(Self.mostBars)
        return edition.plates.filter { shown.contains($0) || $0 == label }
    }

    /// The number of types whose probabilities are not shown, as `54 other types`, and their sum;
    /// both are empty when all are shown.
    func otherBars(_ prediction: Prediction, _ label: Int?) -> Value {
        let others = Set(edition.plates).subtracting(barTypes(prediction, label))
        guard !others.isEmpty else { return ["count": .text(""), "text": .text("")] }
        let sum = others.sorted().reduce(0) { $0 + prediction.probabilities[$1] }
        return [
            "count": .text(Figures.counted(others.count, "other type", "other types")),
            "text": .text(Figures.probability(sum)),
        ]
    }

    /// The shown types with their probabilities.
    func bars(_ prediction: Prediction, _ label: Int?) -> [Value] {
        barTypes(prediction, label).map { bar($0, prediction) }
    }

    private func bar(_ type: Int, _ prediction: Prediction) -> Value {
        let probability = prediction.probabilities[type]
        return [
            "sign": layout.signs[type].value,
            // A style sheet draws a bar without a length.
            "share": .text(Self.share(probability) == "0" ? "" : Self.share(probability)),
            "text": .text(Figures.probability(probability)),
            "top": .flag(type == prediction.predicted),
        ]
    }

    /// A probability as a length in percent, with as few digits as possible.
    private static func share(_ probability: Float) -> String {
        let share = Figures.decimal(100 * Double(probability), places: 1)
        return share.hasSuffix(".0") ? String(share.dropLast(2)) : share
    }

    /// One sentence about label and prediction together.
    func note(_ prediction: Prediction, _ label: Int?) -> String {
        let named = layout.signs[prediction.predicted].label
        let stated = Figures.probability(prediction.confidence)
        guard let label else {
            return "No label. The \(edition.classifierNoun) gives \(named) \(stated)."
        }
        if label == prediction.predicted {
            // Below a confidence of 0.9 a picture is worth a second look.
            if prediction.confidence >= 0.9 { return "Label and prediction agree." }
            return "Label and prediction agree, but not clearly: "
                + "the \(edition.classifierNoun) gives \(named) \(stated). Compare the panels below."
        }
        let other = prediction.probabilities[label]
        // If the probabilities differ by less than 0.2, neither is much more probable than the
        // other.
        if prediction.confidence - other < 0.2 {
            return "Label and prediction differ, and the two are close: \(stated) against "
                + "\(Figures.probability(other)). Look before you trust either."
        }
        return
            "Label and prediction differ: the \(edition.classifierNoun) gives \(named) \(stated), "
            + "\(layout.signs[label].label) \(Figures.probability(other)). "
            + "The label may be wrong, or the \(edition.classifierNoun)."
    }

    private func cluster(_ index: Int) -> Value {
        let clustering = edition.clustering
        return fact("Cluster", "\(clustering.assignments[index] + 1) of \(clustering.k)")
    }

    func imageFacts(_ index: Int) -> [Value] {
        let image = edition.images[index]
        return [
            fact("Key", "", key: image.key),
            fact("File", "", key: Paths.name(of: image.path)),
            fact(
                "Size",
                "\(Figures.size(image.width, image.height)), \(Figures.bytes(image.byteCount))"),
            fact(
                "Format",
                image.published == image.format
                    ? image.format.title
                    : "\(image.format.title), shown as \(image.published.title)"),
        ] + (layout.sealed.contains(index) ? [] : [cluster(index)])
            + (edition.classifier == nil && image.label == nil
                ? [] : [fact("Part of", part(image))])
    }

    /// The set of the split, and whether the network that made the prediction was trained on the
    /// picture.
    private func part(_ image: ImageRecord) -> String {
        switch image.split {
        case .test: return "test set"
        case .dev: return "dev set"
        case .train:
            guard image.label != nil else { return "training set, but without a label" }
            guard let classifier = edition.classifier else { return "training set" }
            if classifier.folds > 0 {
                return "training set, predicted by a \(edition.classifierNoun) that has not seen it"
            }
            return classifier.isFromFile
                ? "training set, which this \(edition.classifierNoun) may have seen"
                : "training set, which this \(edition.classifierNoun) has seen"
        }
    }

    /// The distances of targets in units of 0.00005, rounded up. Each is written as the difference
    /// to the one before, which halves the number of characters.
    ///
    /// A unit is half the last decimal place of a distance on pages (0.0001), and a twentieth of
    /// that of a score (0.1 %, which is 0.002 of distance). All limits of rounding are whole units,
    /// so scripts show the same distance with four decimal places and the same score with one as
    /// this program does. Distances of 0.22026 and 0.2276 give `"4406 146"`; no targets give `""`.
    static func steps(_ matches: [Match]) -> String {
        // The subtraction keeps a distance at its unit when only a rounding error lifts it above
        // that unit.
        let units = matches.map { Int((20_000 * $0.distance - 1e-9).rounded(.up)) }
        return zip(units, [0] + units).map { String($0 - $1) }.joined(separator: " ")
    }
}
