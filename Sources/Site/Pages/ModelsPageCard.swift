import AtlasModel
import Statistics
import Templates

extension Pages {
    // MARK: Calibration

    /// Reliability before and after calibration.
    var calibrationValues: Value {
        let summary = classifier.calibration
        var states = [(heading: "After calibration", summary.after)]
        if summary.isFitted { states.insert(("Before calibration", summary.before), at: 0) }
        if !summary.isFitted { states[0].heading = "As the \(edition.classifierNoun) gives them" }
        return [
            "calibration": .text(ModelsText(layout, classifier).calibration),
            "states": .list(states.map { state($0.heading, $0.1) }),
        ]
    }

    private func state(_ heading: String, _ calibration: Calibration) -> Value {
        let chart = ReliabilityChart(calibration, name: heading.lowercasedFirst)
        return [
            "heading": .text(heading),
            "error": .text(calibration.expectedError.map(Figures.share) ?? "–"),
            "loss": .text(Figures.decimal(calibration.loss, places: 3)),
            "wide": .text(chart.svg(width: 560, height: 400)),
            "narrow": .text(chart.svg(width: 350, height: 320)),
            "bins": .list(
                calibration.bins.enumerated().compactMap { place, bin in
                    guard let share = bin.accuracy.share else { return nil }
                    return [
                        "range": .text(range(place, of: calibration.bins.count)),
                        "pictures": .text(Figures.count(bin.accuracy.total)),
                        "confidence": .text(Figures.share(bin.confidence)),
                        "share": .text(Figures.share(share)),
                        "interval": .text(
                            Figures.interval(bin.accuracy) + Figures.thin + "%"),
                    ]
                }),
        ]
    }

    /// `93.3–100 %`.
    private func range(_ bin: Int, of count: Int) -> String {
        let low = Figures.digits(percent: 100 * Double(bin) / Double(count))
        let high = Figures.digits(percent: 100 * Double(bin + 1) / Double(count))
        return "\(low)–\(high)\(Figures.thin)%"
    }

    // MARK: How it learned

    /// Learning curves and layers.
    var learningValues: Value {
        let card = classifier.card
        let charts = [EpochChart.Quantity.loss, .accuracy].compactMap { quantity in
            card.curve.flatMap { EpochChart($0, quantity) }.map { (quantity, $0) }
        }
        let diagram = LayerDiagram(card.layers, side: card.inputSide)
        return [
            "curves": .list(
                charts.map { quantity, chart in
                    [
                        "heading": .text(
                            quantity == .loss ? "How it learned" : "How often it was right"),
                        "caption": .text(ModelsText(layout, classifier).caption(of: quantity)),
                        "wide": .text(chart.svg(width: 560, height: 360)),
                        "narrow": .text(chart.svg(width: 350, height: 300)),
                    ]
                }),
            "layersWide": .text(diagram?.svg(width: 560) ?? ""),
            "layersNarrow": .text(diagram?.svg(width: 350) ?? ""),
            "layers": .list(
                card.layers.map {
                    [
                        "name": .text($0.name), "kind": .text($0.kind),
                        "output": .text(LayerDiagram.text($0.output)),
                        "parameters": .text(Figures.count($0.parameters)),
                    ]
                }),
        ]
    }

    // MARK: Model card

    var cardValues: Value {
        [
            "card": .list(cardFacts), "shares": .text(shares),
            "parts": .list(edition.plates.map { partRow($0, layout.signs[$0].value) }),
            "total": partRow(nil, .text("")),
        ]
    }

    private var cardFacts: [Value] {
        let card = classifier.card
        var facts = [
            fact(edition.classifierNoun.capitalizedFirst, classifier.name),
            fact("Collection", "", key: edition.collection),
        ]
        facts.append(
            fact("Learned from", card.recipe == nil ? "not told by its file" : "the training part"))
        if let recipe = card.recipe { facts.append(fact("Recipe", recipe)) }
        if let curve = card.curve {
            let count = Figures.count(curve.epochs.count)
            facts.append(fact("Epochs", "\(count), of which epoch \(curve.kept) was kept"))
        }
        if let seed = card.seed { facts.append(fact("Seed", "\(seed)")) }
        if let threads = card.threads { facts.append(fact("Threads", Figures.count(threads))) }
        facts.append(fact("Parameters", Figures.count(classifier.parameters)))
        facts.append(
            fact(
                "Temperature",
                classifier.calibration.isFitted
                    ? Figures.decimal(classifier.calibration.temperature, places: 3)
                        + ", fitted on the dev part" : "1, not fitted"))
        facts.append(
            fact(
                "Made with",
                card.versions.map { "\($0.name) \($0.version)" }.joined(separator: ", ")))
        if showsTimes, let seconds = classifier.seconds {
            facts.append(fact("Time to train", Figures.duration(seconds)))
        }
        return facts
    }

    /// Number of pictures of a type in each set of the split; `nil` counts all labelled pictures.
    private func partRow(_ type: Int?, _ sign: Value) -> Value {
        let own = edition.images.indices.filter { index in
            let label = edition.images[index].label
            return label != nil && (type == nil || label == type)
                && !layout.contradictory.contains(index)
        }.map { edition.images[$0] }
        return [
            "sign": sign,
            "counts": .list(
                Split.allCases.map { part in
                    .text(Figures.count(own.count { $0.split == part }))
                } + [.text(Figures.count(own.count))]),
        ]
    }

    /// `70 : 18 : 12 for each type, and pictures that belong together are in one set`.
    private var shares: String {
        guard !edition.shares.isEmpty else {
            return "that of the folders train, valid and test"
        }
        return edition.shares.map { share in
            share == share.rounded()
                ? Figures.decimal(share, places: 0) : Figures.decimal(share, places: 2)
        }.joined(separator: " : ")
            + (edition.splitRule == .random
                ? ", for each picture at random by its content"
                : " for each type, and pictures that belong together are in one set")
    }
}
