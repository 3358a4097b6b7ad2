import AtlasModel
import Statistics

/// The sentences and cells of the results page.
struct ResultsText {
    private let trial: TrialResult

    init(_ trial: TrialResult) { self.trial = trial }

    /// `Results of the blind review, 486 votes by 7 geologists`.
    var line: String {
        "Results of the blind review, "
            + Figures.counted(trial.summary.total.votes, "vote", "votes") + " by "
            + Figures.counted(trial.summary.reviewers, "geologist", "geologists")
    }

    /// What may be concluded, for each pair.
    var statement: String {
        trial.pairs.map { $0.statement(reviewers: trial.countedReviewers) }
            .joined(separator: " ")
    }

    /// One paragraph for each pair.
    var basis: [String] {
        trial.pairs.compactMap { pair in
            guard pair.counts.votes > 0 else { return nil }
            var sentences = [
                "\(Figures.list(pair.models.map(\.title))): in "
                    + "\(Figures.counted(pair.counts.equal, "comparison", "comparisons")) both panels were "
                    + "called equally good, in \(Figures.count(pair.counts.neither)) neither. These are in "
                    + "the table but not in the share."
            ]
            if pair.plan.pictures > 0 {
                sentences.append(
                    "For \(Figures.count(pair.plan.identical)) of "
                        + "\(Figures.pictures(pair.plan.pictures)) both models find the same; they were not "
                        + "asked about.")
            }
            if let choices = pair.choices {
                sentences.append(
                    "Fixed before the trial: \(choices.decisive) decided votes, which tell "
                        + "\(choices.detects)\u{202F}% from 50\u{202F}%, and a margin of \(choices.margin) "
                        + "points for “equally good”.")
                let later = (pair.share?.proportion.total ?? 0) - choices.decisive
                if pair.fixed != nil, later > 0 {
                    sentences.append(
                        "The heading is about the first \(choices.decisive); "
                            + "\(Figures.counted(later, "later one is", "later ones are")) in the table only."
                    )
                }
            }
            return sentences.joined(separator: " ")
        }
    }

    func note(_ pair: PairResult) -> String {
        guard let share = pair.share else { return "" }
        return
            "\(filledMarks(pair)) The intervals "
            + "allow for votes of one geologist and votes on one picture being alike. Taken as "
            + "independent, all votes would give \(Figures.interval(share.proportion.interval))\u{202F}%, and "
            + "the exact sign test p \(Figures.probability(share.signTest))."
    }

    /// Which marks of the chart are filled, and why no others.
    private func filledMarks(_ pair: PairResult) -> String {
        if let fixed = pair.fixed {
            let votes = Figures.counted(fixed.proportion.total, "vote", "votes")
            return
                "A filled mark means that the whole interval lies on one side of 50\u{202F}%; for all "
                + "types, that of the first \(votes), the number fixed before the trial."
        }
        if case .preferred = pair.verdict {
            return
                "The mark for all types is filled because of the bound that holds at any time. Types "
                + "stay open until the number of votes is reached that was fixed before the trial."
        }
        let reason =
            pair.choices == nil
            ? "no number of votes was fixed before the trial"
            : "votes are missing to the number that was fixed before the trial"
        return "All types stay open, and no mark is filled, because \(reason)."
    }

    /// Cells of a row of the table of types.
    func cells(_ counts: Preferences, _ row: PreferenceChart.Row, _ models: [LikenessModel])
        -> [String]
    {
        cells(counts, models) + [
            row.share.share.map(Figures.share) ?? "–",
            row.share.total == 0 ? "–" : Figures.interval(row.interval), row.conclusion.words,
        ]
    }

    func cells(_ counts: Preferences, _ models: [LikenessModel]) -> [String] {
        (models.map { counts.preferred[$0, default: 0] } + [counts.equal, counts.neither])
            .map(Figures.count)
    }

    // MARK: Trust

    var trustNote: String {
        "Krippendorff’s alpha is 1 for perfect agreement and 0 for that of chance. Half of the decided votes "
            + "would be for the left panel if sides did not matter."
    }

    var trust: [(name: String, value: String, of: String)] {
        let trust = trial.reliability
        func row(_ name: String, _ share: Proportion, _ what: String) -> (String, String, String) {
            (
                name,
                share.share.map { "\(Figures.share($0)) (\(Figures.interval(share)))" } ?? "–",
                "\(Figures.count(share.total)) \(what)"
            )
        }
        return [
            (
                "Agreement between geologists, alpha",
                trust.alpha.map { Figures.decimal($0, places: 2) } ?? "–",
                "\(Figures.count(trust.alphaComparisons)) comparisons"
            ),
            row("The same answer the second time", trust.oneself, "comparisons shown again"),
            row("The left panel preferred", trust.left, "decided votes"),
            row("Tests of attention failed", trust.attention, "tests"),
        ]
    }

    var reviewersNote: String {
        let apart = trial.reviewers.filter(\.isApart)
        guard !apart.isEmpty else {
            return "Nobody failed more than 15\u{202F}% of the tests of attention."
        }
        return
            "\(Figures.counted(apart.count, "geologist", "geologists")) failed more than 15\u{202F}% of the "
            + "tests of attention (the rule of ITU-R BS.1534). Their votes stand here and are not in the "
            + "result."
    }

    // MARK: Covariates

    static func name(of name: Covariates.Name) -> String {
        switch name {
        case .intercept: "The model itself"
        case .sameType: "Share of look-alikes of the picture’s type"
        case .common: "Share of look-alikes in both panels"
        case .brightness: "Nearness in brightness, a tenth of the range"
        }
    }

    func covariatesNote(_ covariates: Covariates, _ pair: PairResult) -> String {
        "If both panels held as many pictures of the picture’s type and were equally near to it in "
            + "brightness, \(pair.models[0].title) would be preferred in "
            + "\(Figures.share(covariates.adjusted)) of decided comparisons "
            + "(\(Figures.interval(covariates.interval))): logistic regression of "
            + "\(Figures.counted(covariates.votes, "vote", "votes")), clustered by geologist and picture."
    }
}
