import AtlasModel
import Statistics
import Templates

extension SinglePage {
    /// Trials that have ended. While a trial is running, its votes are not told.
    static let results = SinglePage(
        name: "results", title: "Results",
        exists: { !$0.edition.closedTrials.isEmpty }, navigation: { _ in "Results" },
        sentence: { contents in
            contents.edition.closedTrials.first.map { ResultsText($0).statement } ?? ""
        },
        make: { [try $0.resultsPage()] })
}

extension Pages {
    /// `results.html`: the last closed trial with all its numbers, and what the earlier ones found.
    func resultsPage() throws -> File {
        guard let trial = edition.closedTrials.first else {
            preconditionFailure("the page exists only with a closed trial")
        }
        let text = ResultsText(trial)
        return try page(
            .results,
            [
                "line": .text(text.line), "statement": .text(text.statement),
                "basis": .list(text.basis.map { .text($0) }),
                "blocks": .list(
                    trial.pairs.flatMap { pairBlocks($0, text) } + otherBlocks(trial, text)),
                "hasRemarks": .flag(!trial.remarks.isEmpty),
                "hasEarlier": .flag(edition.closedTrials.count > 1),
                "remarks": .list(trial.remarks.map { .text($0) }),
                "earlier": .list(
                    edition.closedTrials.dropFirst().map { earlier in
                        [
                            "line": .text(ResultsText(earlier).line),
                            "statement": .text(ResultsText(earlier).statement),
                        ]
                    }),
            ])
    }

    /// The chart and the table of two models.
    private func pairBlocks(_ pair: PairResult, _ text: ResultsText) -> [Value] {
        guard let share = pair.share else { return [] }
        let types = edition.plates.filter {
            pair.byType?[layout.signs[$0].label] != nil
        }
        let total = PreferenceChart.Row(
            name: "All types", share: share.proportion, interval: share.interval, isTotal: true,
            conclusion: pair.conclusion)
        let byType = types.map { type in
            let label = layout.signs[type].label
            let counts = pair.byType?[label] ?? pair.counts
            let proportion = counts.share(of: pair.models[0])
            let interval = pair.intervalsByType?[label] ?? proportion.interval
            return (
                counts: counts,
                row: PreferenceChart.Row(
                    name: layout.signs[type].title, share: proportion,
                    interval: interval, isTotal: false,
                    conclusion: pair.conclusion(ofType: interval))
            )
        }
        let chart = PreferenceChart(models: pair.models, rows: [total] + byType.map(\.row))
        var rows = zip(types, byType).map { type, found in
            row(
                layout.signs[type].title, sign: layout.signs[type],
                text.cells(found.counts, found.row, pair.models))
        }
        rows.append(row("All types", text.cells(pair.counts, total, pair.models)))
        return [
            block(
                "Share of decided comparisons won by \(pair.models[0].title) against "
                    + pair.models[1].title, text.note(pair),
                chart: (chart.svg(width: 760), chart.svg(width: 350)),
                heads: ["Rock type"] + pair.models.map(\.title)
                    + ["Equally good", "Neither", "Share", "Interval, 95\u{202F}%", "Preferred"],
                rows: rows)
        ]
    }

    private func otherBlocks(_ trial: TrialResult, _ text: ResultsText) -> [Value] {
        let models = trial.summary.total.models
        let days = DaysChart(trial.days)
        let counts = models.map(\.title) + ["Equally good", "Neither"]
        var blocks = [
            block(
                "How far the votes can be trusted", text.trustNote, heads: ["", "Value", "Of"],
                rows: text.trust.map { row($0.name, [$0.value, $0.of]) }),
            block(
                "By geologist", text.reviewersNote,
                heads: ["Geologist"] + counts + ["Tests failed"],
                rows: trial.reviewers.enumerated().map { place, reviewer in
                    row(
                        reviewer.name ?? "Geologist \(place + 1)",
                        text.cells(reviewer.counts, models)
                            + ["\(reviewer.attention.count) of \(reviewer.attention.total)"])
                }),
        ]
        if let ranking = trial.ranking {
            blocks.insert(
                block(
                    "Strengths of the models",
                    "Bradley and Terry’s model with ties by Davidson. A model that is stronger by 1.1 wins "
                        + "three of four decided comparisons.",
                    heads: ["Model", "Strength", "Standard error"],
                    rows: ranking.models.map {
                        row(
                            $0.model.title,
                            [$0.strength, $0.standardError].map {
                                Figures.decimal($0, places: 2)
                            })
                    }), at: 0)
        }
        for pair in trial.pairs {
            guard let covariates = pair.covariates, covariates.terms.count > 1 else { continue }
            blocks.append(
                block(
                    "What the pictures explain of \(pair.models[0].title) and \(pair.models[1].title)",
                    text.covariatesNote(covariates, pair),
                    heads: ["One more unit of", "Log odds", "Standard error"],
                    rows: covariates.terms.dropFirst().map { term in
                        row(
                            ResultsText.name(of: term.name),
                            [term.coefficient, term.standardError].map {
                                Figures.decimal($0, places: 2)
                            })
                    }))
        }
        if !trial.reasons.isEmpty {
            blocks.append(
                block(
                    "Reasons given", "Votes with each reason; a vote may have several.",
                    heads: ["Reason"] + counts,
                    rows: trial.reasons.map {
                        row($0.text.capitalizedFirst, text.cells($0.counts, models))
                    }))
        }
        if let days {
            blocks.append(
                block(
                    "Votes over time", days.sentence,
                    chart: (
                        days.svg(width: 760, height: 260), days.svg(width: 350, height: 240)
                    ), heads: ["Day", "Votes"],
                    rows: trial.days.map { row($0.day, [Figures.count($0.votes)]) }))
        }
        return blocks
    }

    /// - Parameter chart: for wide and narrow windows.
    private func block(
        _ title: String, _ note: String, chart: (wide: String, narrow: String) = ("", ""),
        heads: [String], rows: [Value]
    ) -> Value {
        [
            "title": .text(title), "note": .text(note), "wide": .text(chart.wide),
            "narrow": .text(chart.narrow), "isWide": .flag(heads.count > 7),
            "first": .text(heads[0]),
            "heads": .list(heads.dropFirst().map { .text($0) }), "rows": .list(rows),
        ]
    }

    private func row(_ head: String, sign: TypeSigns.Sign? = nil, _ cells: [String]) -> Value {
        [
            "head": .text(head), "isType": .flag(sign != nil),
            "sign": (sign ?? layout.signs.unlabelled).value,
            "cells": .list(cells.map { .text($0) }),
        ]
    }
}

extension PairResult {
    /// What the statement says too.
    fileprivate var conclusion: PreferenceChart.Conclusion {
        switch verdict {
        case .preferred(let model, _): .preferred(model)
        case .equivalent: .equal
        case .nothing, .open, .early, .unplanned: .open
        }
    }

    /// What the votes on pictures of one type say. Before the fixed number is reached, nothing.
    fileprivate func conclusion(ofType interval: ClosedRange<Double>) -> PreferenceChart.Conclusion
    {
        guard fixed != nil else { return .open }
        return interval.lowerBound > 0.5
            ? .preferred(models[0])
            : interval.upperBound < 0.5 ? .preferred(models[1]) : .open
    }
}
