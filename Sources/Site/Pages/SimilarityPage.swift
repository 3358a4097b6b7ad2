import AtlasModel
import Statistics
import Templates

extension SinglePage {
    /// The models page links to it. Without that page it is in the navigation.
    static let similarity = SinglePage(
        name: "similarity", title: "Look-alikes",
        navigation: { $0.edition.classifier == nil ? "Look-alikes" : nil },
        make: { [try $0.similarityPage()] })
}

extension Pages {
    /// `similarity.html`: how often look-alikes have the same type, how far the models agree, the
    /// clusters, and the times of the models.
    func similarityPage() throws -> File {
        let text = SimilarityText(layout)
        let figures = LikenessFigures(edition)
        var values: Value = [
            "statement": .text(text.statement), "basis": .text(text.basis),
            "hasNetwork": .flag(edition.classifier != nil),
            "n": .text(Figures.word(figures.n)),
            "models": .list(figures.tables.map { .text($0.model.title) }),
        ]
        for part in [
            viewValues(text), typeValues(figures), partnerValues(figures, text),
            agreementValues(figures, text), elbowValues(text),
            clusterValues(text), mapValues(text), timeValues(text),
        ] {
            values = values.joined(with: part)
        }
        return try page(.similarity, values)
    }

    // MARK: View

    /// How the view that K-Means and Pairwise work on was chosen.
    private func viewValues(_ text: SimilarityText) -> Value {
        func rate(_ rate: ViewChoice.Rate?) -> Value {
            [
                "share": .text(rate.map { Figures.share($0.share) } ?? "–"),
                "interval": .text(rate.map { Figures.interval($0.low...$0.high) } ?? ""),
            ]
        }
        let choice = edition.viewChoice
        let showsPartners = choice?.partnersChance != nil
        return [
            "viewText": .text(text.view), "viewShowsPartners": .flag(showsPartners),
            "viewN": .text(choice.map { Figures.word($0.n) } ?? ""),
            "views": .list(
                (choice?.candidates ?? []).map { candidate in
                    [
                        "name": .text(candidate.compared.capitalizedFirst),
                        "isUsed": .flag(candidate.view == choice?.chosen),
                        "sameType": rate(candidate.sameType),
                        "chance": .text(choice?.chance.map(Figures.share) ?? "–"),
                        "partners": .list(
                            showsPartners
                                ? [
                                    rate(candidate.partners).joined(with: [
                                        "chance": .text(
                                            choice?.partnersChance.map(Figures.share) ?? "–")
                                    ])
                                ] : []),
                    ]
                }),
        ]
    }

    // MARK: Same type

    private func typeValues(_ figures: LikenessFigures) -> Value {
        let charts = figures.tables.map { table in
            func row(_ name: String, _ type: Int?) -> ForestChart.Row {
                ForestChart.Row(
                    name: name, rate: figures.sameType(table, type: type),
                    chance: figures.chance(type: type))
            }
            return ForestChart(
                table.model.title, n: figures.n,
                rows: [row("All types", nil)]
                    + edition.plates.map { row(layout.signs[$0].title, $0) })
        }
        return [
            "hasTest": .flag(!figures.queries.isEmpty),
            "charts": .list(
                zip(figures.tables, charts).map { table, chart in
                    [
                        "name": .text(table.model.title), "wide": .text(chart.svg(width: 560)),
                        "narrow": .text(chart.svg(width: 350)),
                    ]
                }),
            "rates": .list(
                edition.plates.map {
                    rateRow($0, layout.signs[$0].value, figures)
                }),
            "all": rateRow(nil, .text(""), figures),
            "withGroups": .list(
                figures.meetsGroups ? [rateRow(nil, .text(""), figures, .all)] : []),
        ]
    }

    private func rateRow(
        _ type: Int?, _ sign: Value, _ figures: LikenessFigures,
        _ counted: CountedTargets = .otherGroups
    ) -> Value {
        let rates = figures.tables.map { figures.sameType($0, type: type, counted) }
        let asked = figures.queries.count { type == nil || edition.images[$0].label == type }
        return [
            "sign": sign,
            "cells": .list(
                rates.map { rate in
                    [
                        "share": .text(rate.share.map(Figures.share) ?? "–"),
                        "interval": .text(
                            rate.share == nil ? "" : Figures.interval(rate.interval)),
                    ]
                }),
            "asked": .text(Figures.count(asked)),
            "chance": .text(figures.chance(type: type, counted).map(Figures.share) ?? "–"),
        ]
    }

    // MARK: Same ground

    private func partnerValues(_ figures: LikenessFigures, _ text: SimilarityText) -> Value {
        [
            "partnersText": .text(text.partners),
            "partners": .list(
                figures.tables.map { table in
                    let rate = figures.partners(table)
                    return [
                        "name": .text(table.model.title),
                        "share": .text(rate.found.share.map(Figures.share) ?? "–"),
                        "interval": .text(
                            rate.found.share == nil ? "" : Figures.interval(rate.found.interval)),
                        "chance": .text(rate.chance.map(Figures.share) ?? "–"),
                    ]
                }),
        ]
    }

    // MARK: Agreement

    private func agreementValues(_ figures: LikenessFigures, _ text: SimilarityText) -> Value {
        [
            "agreement": .text(text.agreement),
            "pairs": .list(
                figures.agreements.map { pair in
                    let same = Proportion(pair.identical, of: pair.pictures).share
                    return [
                        "name": .text(Figures.list(pair.models.map(\.title))),
                        "overlap": .text(Figures.share(pair.overlap)),
                        "common": .text(
                            Figures.decimal(pair.overlap * Double(figures.n), places: 1)),
                        "identical": .text(Figures.count(pair.identical)),
                        "share": .text(same.map(Figures.share) ?? "–"),
                    ]
                }),
        ]
    }

    // MARK: Map

    private func mapValues(_ text: SimilarityText) -> Value {
        func row(_ name: String, _ kept: MapFigures.Kept) -> Value {
            [
                "name": .text(name), "recall": .text(kept.recall.map(Figures.share) ?? "–"),
                "trustworthiness": .text(
                    kept.trustworthiness.map { Figures.decimal($0, places: 3) } ?? "–"),
            ]
        }
        return [
            "mapText": .text(text.map),
            "maps": .list(
                edition.map.map {
                    [row("True positions", $0.figures.plane), row("Grid", $0.figures.grid)]
                } ?? []),
        ]
    }

    // MARK: Clusters

    private func elbowValues(_ text: SimilarityText) -> Value {
        let clustering = edition.clustering
        let elbow = ElbowChart(clustering)
        return [
            "clusters": .text(text.clusters), "inertia": .text(text.inertia),
            "elbowWide": .text(elbow?.svg(width: 560, height: 360) ?? ""),
            "elbowNarrow": .text(elbow?.svg(width: 350, height: 300) ?? ""),
            "points": .list(
                clustering.inertia.map { point in
                    [
                        "k": .text("\(point.k)"), "isUsed": .flag(point.k == clustering.k),
                        "inertia": .text(Figures.decimal(point.inertia, places: 0)),
                        "share": .text(
                            share(of: point.inertia, in: clustering.inertia[0].inertia)),
                    ]
                }),
        ]
    }

    private func share(of part: Double, in whole: Double) -> String {
        whole > 0 ? Figures.share(part / whole) : "–"
    }

    private func clusterValues(_ text: SimilarityText) -> Value {
        let clustering = edition.clustering
        let pictures = layout.clusterPictures
        let shown = min(clustering.k, Layout.clustersShown)
        var members = (0..<clustering.k).map { _ in [Int]() }
        for (index, cluster) in clustering.assignments.enumerated() {
            members[cluster].append(index)
        }
        return [
            "meansText": .text(text.means),
            "types": .list(edition.plates.map { layout.signs[$0].value }),
            "means": .list(
                pictures.enumerated().map { cluster, picture in
                    [
                        "number": .text("\(cluster + 1)"), "src": .text(picture.path),
                        "size": .text(Figures.pictures(clustering.sizes[cluster])),
                        "share": .text(
                            Proportion(clustering.sizes[cluster], of: edition.images.count)
                                .share.map(Figures.share) ?? ""),
                    ]
                }),
            "rows": .list(
                (0..<shown).map { cluster in
                    let labels = members[cluster].compactMap { edition.images[$0].label }
                    return [
                        "number": .text("\(cluster + 1)"),
                        "size": .text(Figures.count(clustering.sizes[cluster])),
                        "cells": .list(
                            edition.plates.map { type in
                                let count = labels.count { $0 == type }
                                return [
                                    "count": .text(Figures.count(count)),
                                    "isZero": .flag(count == 0),
                                ]
                            }),
                    ]
                }),
        ]
    }

    // MARK: Times

    private func timeValues(_ text: SimilarityText) -> Value {
        let times = edition.likenessTimes
        let isKnown = times.contains { $0.fit != nil || $0.answers != nil }
        return [
            "showsTimes": .flag(showsTimes && isKnown), "timesText": .text(text.times),
            "times": .list(
                times.map { time in
                    let one = time.answers.map { $0 / Double(max(1, edition.images.count)) }
                    return [
                        "name": .text(time.model.title),
                        "fit": .text(
                            time.fit.map(Figures.duration)
                                ?? time.model.words.withoutFit),
                        "answers": .text(time.answers.map(Figures.duration) ?? "–"),
                        "one": .text(
                            one.map {
                                Figures.decimal(1000 * $0, places: 2) + Figures.thin + "ms"
                            } ?? "–"),
                    ]
                }),
        ]
    }
}
