import AtlasModel
import Statistics
import Templates

extension Pages {
    /// Largest number of types whose matrix is shown at once. A larger one is folded; the table of
    /// precision and recall has a line for each type.
    static let wholeMatrix = 12
    /// Number of types from which on a matrix has small cells, shaded by their share of the row, and
    /// symbols instead of names above its columns.
    static let denseMatrix = 10
    /// Largest number of other types that a row of the list of mistakes names.
    private static let takenFor = 4

    /// A row of the list that stands before a folded matrix: what test pictures of a type are taken
    /// for, the commonest first.
    func takenRow(_ type: Int) -> Value {
        let row = classifier.test.confusion[type]
        let others = edition.plates.filter { $0 != type && row[$0] > 0 }
            .sorted { (row[$1], $0) < (row[$0], $1) }
        let share = Proportion(row[type], of: row.reduce(0, +)).share
        let rest = others.dropFirst(Self.takenFor).reduce(0) { $0 + row[$1] }
        return [
            "sign": layout.signs[type].value,
            "share": .text(share.map(Figures.share) ?? "–"),
            "pictures": .text(Figures.count(row.reduce(0, +))),
            "others": .list(
                others.prefix(Self.takenFor).map { other in
                    [
                        "sign": layout.signs[other].value,
                        "count": .text(Figures.count(row[other])),
                        "href": .text(address(of: type, predicted: other)),
                        "name": .text(
                            "\(Figures.counted(row[other], "test picture", "test pictures")) of "
                                + "\(layout.signs[type].label) taken for \(layout.signs[other].label)"
                        ),
                    ]
                }),
            "rest": .text(rest == 0 ? "" : "\(Figures.count(rest)) for others"),
        ]
    }

    func confusionRow(_ type: Int) -> Value {
        let row = classifier.test.confusion[type]
        let total = row.reduce(0, +)
        let share = Proportion(row[type], of: total).share
        return [
            "sign": layout.signs[type].value,
            "share": .text(share.map(Figures.share) ?? "–"),
            "cells": .list(
                edition.plates.map { predicted in
                    let count = row[predicted]
                    return [
                        "count": .text(Figures.count(count)),
                        "share": .text(
                            Figures.decimal(Double(count) / Double(max(1, total)), places: 4)),
                        "isDiagonal": .flag(type == predicted), "isZero": .flag(count == 0),
                        "href": .text(count == 0 ? "" : address(of: type, predicted: predicted)),
                        "name": .text(
                            "\(Figures.counted(count, "test picture", "test pictures")) labelled \(layout.signs[type].label), "
                                + "predicted \(layout.signs[predicted].label); opens the plate"),
                    ]
                }),
        ]
    }

    /// The first page of a plate that has a picture with this prediction, with the filter for it.
    private func address(of type: Int, predicted: Int) -> String {
        let member = edition.images.indices.first {
            edition.images[$0].label == type && edition.predictions[$0].predicted == predicted
        }
        guard let member else { return "" }
        return layout.platePage(of: member) + "#predicted=" + layout.signs[predicted].style
    }

    var mixupHeading: String {
        switch layout.mixups.count {
        case 0: "No mix-ups among the test pictures"
        case 1: "The only mix-up"
        case 2..<4: "The \(Figures.word(layout.mixups.count)) mix-ups"
        default: "The four commonest mix-ups"
        }
    }

    func mixup(_ mixup: Mixup) -> Value {
        [
            "label": layout.signs[mixup.label].value,
            "predicted": layout.signs[mixup.predicted].value,
            "count": .text(Figures.count(mixup.count)),
            "href": .text(address(of: mixup.label, predicted: mixup.predicted)),
            "name": .text(
                "\(Figures.counted(mixup.count, "test picture", "test pictures")) of \(layout.signs[mixup.label].label) "
                    + "taken for \(layout.signs[mixup.predicted].label)"),
            "strip": .text(mixup.strip?.path ?? ""),
            "isPhotographic": .flag(mixup.strip?.isOfPhotographs ?? false),
        ]
    }
}

/// Test pictures of one type that are predicted as another type.
struct Mixup: Sendable {
    let label: Int
    let predicted: Int
    let count: Int
    /// A sprite of some of them; `nil` when the edition has no such predictions.
    let strip: Sprite?

    /// Number of confusions shown, and of pictures of each.
    static let shown = 4
    static let stripLength = 24

    /// The most frequent confusions; equally frequent ones in class order; none without a network.
    static func commonest(_ edition: Edition, pictures: PictureSource) -> [Mixup] {
        guard let classifier = edition.classifier else { return [] }
        var pairs: [(label: Int, predicted: Int, count: Int)] = []
        for (label, row) in classifier.test.confusion.enumerated() {
            for (predicted, count) in row.enumerated() where label != predicted && count > 0 {
                pairs.append((label, predicted, count))
            }
        }
        // The sort is stable.
        pairs.sort { $0.count > $1.count }
        return pairs.prefix(shown).enumerated().map { place, pair in
            let members = classifier.judged.filter {
                edition.images[$0].label == pair.label
                    && edition.predictions[$0].predicted == pair.predicted
            }.prefix(stripLength)
            let strip =
                members.isEmpty
                ? nil
                : strip(place, Array(members), edition.images, pictures)
            return Mixup(
                label: pair.label, predicted: pair.predicted, count: pair.count, strip: strip)
        }
    }

    private static func strip(
        _ place: Int, _ members: [Int], _ images: [ImageRecord], _ pictures: PictureSource
    ) -> Sprite {
        Sprite(
            "mixup-\(place + 1)", tiles: members, columns: members.count,
            photographs: members.allSatisfy { images[$0].isSmall } ? nil : images,
            pictures: pictures)
    }
}
