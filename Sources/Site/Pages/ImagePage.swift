import AtlasModel
import Files
import Templates

extension PageKind {
    static let image = PageKind(
        name: "image", paths: { $0.layout.paths.places.map(\.page) }, links: { _ in [] },
        rows: { _ in [] },
        making: .each(
            { try $0.imagePage($1) }, samples: { $0.layout.sampleImages },
            sources: { try $0.imagePageSources($1) }))
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
        let image = edition.images[index]
        let sign = layout.signs[image.label]
        let place = layout.places[index]
        let members = layout.plates[place.plate].members
        func neighbour(_ position: Int) -> Value {
            .text(
                members.indices.contains(position)
                    ? layout.link(from: index, to: members[position]) : "")
        }
        let panels = PanelList(edition, of: index)
        let isBlank = isBlank(index)
        let isSealed = layout.sealed.contains(index)
        let isLongName = sign.title.count + image.stem.count > Self.longName
        let stemParts = isLongName ? Self.parts(of: image.stem) : [image.stem]
        let scale = millimetres(index)
        let values: Value = [
            "sign": sign.value,
            "stem": .text(image.stem),
            "isLongName": .flag(isLongName),
            "stemBegin": .text(stemParts[0]),
            "stemRest": .list(stemParts.dropFirst().map { .text($0) }),
            "plateHref": .text(layout.plateLink(from: index)),
            // The default theme leaves both to a script (`OrderData`).
            "position": .text(Figures.count(place.position + 1)),
            "total": .text(Figures.count(members.count)),
            "previous": neighbour(place.position - 1),
            "next": neighbour(place.position + 1),
            "isPhotograph": .flag(!image.isSmall),
            "src": .text(layout.originalLink(from: index, to: index)),
            "shown": .text(shownLink(index)),
            "isReduced": .flag(pictures.copies.hasPreview(image)),
            "width": .text("\(image.width)"), "height": .text("\(image.height)"),
            "size": .text(Figures.size(image.width, image.height)),
            "pixelsWide": .text(Figures.counted(image.width, "pixel", "pixels")),
            "marks": .list(scaleMarks(image.width)),
            "isLabelled": .flag(image.label != nil),
            "facts": .list(metadata.facts + imageFacts(index)),
            "hasMetadata": .flag(!metadata.facts.isEmpty || !scale.isEmpty),
            "millimetres": .list(scale),
            "sameSpecimen": .list(sameSpecimen(index)), "scene": .list(placeInScene(index)),
            "ownGroup": .list(ownGroup(index)),
            "isBlank": .flag(isBlank),
            "isSealed": .flag(isSealed),
            "sealed": .list(isSealed ? panels.all.map { face(of: $0, on: index) } : []),
            "common": .text(isSealed ? "" : panels.sentence),
            "panels": .list(
                isSealed
                    ? [] : panels.panels.map { panel($0, common: panels.common, of: index) }),
            "hasTargets": .flag(
                !isBlank && !isSealed && panels.open.contains { !$0.matches.isEmpty }),
        ]
        return try page(
            .image, path: layout.paths.places[index].page, title: "\(sign.title) \(image.stem)",
            values.joined(with: verdict(edition.prediction(of: index), image.label)))
    }

    /// The link to the form of the picture that its page loads first.
    private func shownLink(_ index: Int) -> String {
        pictures.copies.hasPreview(edition.images[index])
            ? "../../" + layout.paths.places[index].preview
            : layout.originalLink(from: index, to: index)
    }

    /// What the network says of a picture; without a network all fields are empty.
    private func verdict(_ prediction: Prediction?, _ label: Int?) -> Value {
        let none: Value = ["count": .text(""), "text": .text("")]
        return [
            "isClassified": .flag(prediction != nil),
            "predicted": layout.signs[prediction?.predicted].value,
            "differs": .flag(label != nil && prediction != nil && label != prediction?.predicted),
            "agrees": .flag(prediction != nil && label == prediction?.predicted),
            "note": .text(prediction.map { note($0, label) } ?? ""),
            "bars": .list(
                prediction.map { one in barTypes(one, label).map { bar($0, one) } } ?? []),
            "otherBars": prediction.map { otherBars($0, label) } ?? none,
            "isCalibrated": .flag(edition.classifier?.calibration.isFitted == true),
        ]
    }

    /// Number of letters of a title that fit two lines beside the picture at its largest size.
    private static let longName = 28

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
    private func isBlank(_ index: Int) -> Bool {
        let vector = pictures.vector(index)
        return vector.allSatisfy { $0 == vector[0] }
    }

    /// The ends of the four parts of the scale bar, in the picture's own pixels.
    private func scaleMarks(_ width: Int) -> [Value] {
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
    private func otherBars(_ prediction: Prediction, _ label: Int?) -> Value {
        let others = Set(edition.plates).subtracting(barTypes(prediction, label))
        guard !others.isEmpty else { return ["count": .text(""), "text": .text("")] }
        let sum = others.sorted().reduce(0) { $0 + prediction.probabilities[$1] }
        return [
            "count": .text(Figures.counted(others.count, "other type", "other types")),
            "text": .text(Figures.probability(sum)),
        ]
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
    private func note(_ prediction: Prediction, _ label: Int?) -> String {
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

    private func imageFacts(_ index: Int) -> [Value] {
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

    // MARK: Panels

    private func panel(_ panel: PanelList.Panel, common: Set<Int>, of index: Int) -> Value {
        let turned = edition.rotations ? ", turned to match" : ""
        let model = panel.model
        let measure =
            switch model.view.measure {
            case .correlation: ""
            case .other(let words): words
            }
        return [
            "isFolded": .flag(panel.isFolded), "ordinal": .text(panel.ordinal),
            "id": .text(model.id), "name": .text(model.title),
            "how": .text(model.words.panel(edition.likenessFacts(of: index, by: model)) + turned),
            "distances": .text(Self.steps(panel.matches)),
            "measure": .text(measure),
            "targets": .list(
                panel.matches.map {
                    target(
                        $0, isCommon: !panel.isFolded && common.contains($0.target), of: index)
                }),
        ]
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

    private func target(_ match: Match, isCommon: Bool, of index: Int) -> Value {
        let image = edition.images[match.target]
        let isReduced = image.thumbnailSize != nil
        let found: Value = [
            "isCommon": .flag(isCommon),
            "original": .text(
                isReduced ? layout.originalLink(from: index, to: match.target) : ""),
            "turn": .text(match.rotation == 0 ? "" : "\(match.rotation)"),
            "score": .text(Figures.score(match.score)),
            "symbol": .text(layout.signs[image.label].symbol),
            // Two lines below a target have space for most file names of cameras. Longer names get
            // a title.
            "longStem": .text(image.stem.utf8.count > Self.shownStem ? image.stem : ""),
        ]
        return face(of: match.target, on: index, isCommon: isCommon)
            .joined(with: found)
            .joined(with: shift(of: match.target, over: index))
    }

    /// What a list of pictures on the page of the picture `index` shows of one of them. It tells nothing of
    /// model, score or rotation, so it serves candidates on trial too.
    ///
    /// `classes` lacks the class of the type if both pictures have the same: the page sets it once around
    /// the lists, which makes the median page smaller by some 150 bytes.
    func face(of target: Int, on index: Int, isCommon: Bool = false) -> Value {
        let image = edition.images[target]
        let sign = layout.signs[image.label]
        let classes = [
            image.label == edition.images[index].label ? nil : sign.style,
            isCommon ? "both" : nil, image.isSmall ? nil : "photo",
        ].compactMap(\.self)
        let attribute = classes.count == 1 ? classes[0] : "\"\(classes.joined(separator: " "))\""
        return [
            "href": .text(layout.link(from: index, to: target)),
            "src": .text(layout.previewLink(from: index, to: target)),
            "isPhotograph": .flag(!image.isSmall),
            "title": .text(sign.title), "alt": .text(sign.attribute),
            "style": .text(sign.style), "classes": .text(classes.isEmpty ? "" : attribute),
            "stem": .text(image.stem),
        ]
    }

    /// Number of bytes of a name that always fit below a target.
    private static let shownStem = 12
}
