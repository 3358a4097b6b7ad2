import AtlasModel
import Statistics
import Templates

extension SinglePage {
    static let models = SinglePage(
        name: "models", title: "Models", exists: { $0.edition.classifier != nil },
        navigation: { _ in "Models" },
        sentence: { contents in
            contents.edition.classifier.map { ModelsText(contents.layout, $0).brief } ?? ""
        }, make: { [try $0.modelsPage()] })
}

extension Pages {
    /// The network that the models page is about.
    var classifier: ClassifierSummary {
        guard let classifier = edition.classifier else {
            preconditionFailure("The models page exists only with a network.")
        }
        return classifier
    }

    /// `models.html`: how well the network classifies pictures that it was not trained on, how it
    /// was made, and how other networks compare.
    func modelsPage() throws -> File {
        let text = ModelsText(layout, classifier)
        var values: Value = [
            "network": .text(classifier.name),
            "statement": .text(text.statement),
            "basis": .text(text.basis),
            "hasTest": .flag(classifier.test.count > 0),
            "types": .list(edition.plates.map { layout.signs[$0].value }),
            "rows": .list(edition.plates.map(confusionRow)),
            "isDense": .flag(edition.plates.count >= Self.denseMatrix),
            "isLarge": .flag(edition.plates.count > Self.wholeMatrix),
            "taken": .list(edition.plates.map(takenRow)),
            "mixups": .list(layout.mixups.map(mixup)),
            "mixupHeading": .text(mixupHeading),
            "scores": .list(edition.plates.map(score)),
            "mistakes": .list(mistakes),
            "disputed": .text(DisputedText(layout).sentence),
            "likeness": .text(SimilarityText(layout).summary),
        ]
        for part in [
            networkTable, choiceValues, claimValues, calibrationValues, learningValues, cardValues,
        ] {
            values = values.joined(with: part)
        }
        return try page(.models, values)
    }

    /// The table of networks.
    private var networkTable: Value {
        let networks = classifier.compared
        return [
            "networks": .list(networks.map(networkRow)),
            "isCompared": .flag(networks.count > 1),
            "showsTimes": .flag(showsTimes && networks.contains { $0.seconds != nil }),
        ]
    }

    private func networkRow(_ network: ComparedNetwork) -> Value {
        let share = network.accuracy
        return [
            "name": .text(network.name), "isUsed": .flag(network.isUsed),
            "share": .text(share.share.map(Figures.share) ?? "–"),
            "interval": .text(
                share.total == 0 ? "–" : Figures.interval(share.interval) + Figures.thin + "%"),
            "tested": .text(Figures.count(share.total)),
            "parameters": .text(Figures.count(network.parameters)),
            "epochs": .text(network.epochs.map(Figures.count) ?? "–"),
            "time": .text(showsTimes ? network.seconds.map(Figures.duration) ?? "–" : ""),
        ]
    }

    private func score(_ type: Int) -> Value {
        let scores = ScoreIntervals(layout.judged, class: type)
        let f1 = scores.f1Interval
        func cell(_ share: Double?, _ interval: ClosedRange<Double>) -> Value {
            [
                "share": .text(share.map(Figures.share) ?? "–"),
                "interval": .text(share == nil ? "" : Figures.interval(interval)),
            ]
        }
        return [
            "sign": layout.signs[type].value,
            "cells": .list([
                cell(scores.precision.share, scores.precision.interval),
                cell(scores.recall.share, scores.recall.interval), cell(scores.f1, f1),
            ]),
            "support": .text(Figures.count(scores.recall.total)),
        ]
    }

    // MARK: Mistakes

    /// Number of mistakes shown.
    private static let mistakesShown = 12

    /// Test pictures with a wrong prediction, the most confident prediction first.
    private var mistakes: [Value] {
        let wrong = classifier.judged.filter {
            edition.predictions[$0].predicted != edition.images[$0].label
        }
        let confidence = { (index: Int) in self.edition.predictions[index].confidence }
        return wrong.sorted { (confidence($1), $0) < (confidence($0), $1) }
            .prefix(Self.mistakesShown).map { index in
                let prediction = edition.predictions[index]
                return picture(index).joined(with: [
                    "label": layout.signs[edition.images[index].label].value,
                    "predicted": layout.signs[prediction.predicted].value,
                    "probability": .text(Figures.probability(prediction.confidence)),
                ])
            }
    }

    /// A picture of the collection, on a page at the root of the atlas.
    func picture(_ index: Int) -> Value {
        [
            "href": .text(layout.paths.places[index].page),
            "src": .text(layout.preview(of: index)),
            "small": .flag(edition.images[index].isSmall),
            "title": .text(layout.title(of: index)),
            "key": .text(edition.images[index].key),
        ]
    }
}
