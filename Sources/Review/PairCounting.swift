import AtlasModel
import Statistics

/// Computes the results of the pairs of a trial.
struct PairCounting {
    private let trial: TrialRecord
    private let apart: Set<Int>
    /// For each comparison the number of its candidate, what its pictures could explain, and the label of
    /// its candidate.
    private let candidates: [Int]
    private let features: [PanelFeatures?]
    private let labels: [String]?

    /// - Parameters:
    ///   - comparisons: their ids; ballots have indices into them.
    ///   - apart: reviewers whose votes are counted apart.
    init(trial: TrialRecord, comparisons: [String], apart: Set<Int>) {
        self.trial = trial
        self.apart = apart
        let (candidates, features) = (trial.candidates, trial.features)
        self.candidates = comparisons.map { candidates[$0] ?? -1 }
        self.features = comparisons.map { features[$0] }
        labels = trial.labels.map { labels in comparisons.map { labels[$0] ?? "" } }
    }

    /// - Parameter ballots: answers to comparisons of two models, in their order.
    func result(of pair: ReviewPlan.Pair, _ ballots: [Ballot]) -> PairResult {
        let models = pair.models.sorted { $0.id > $1.id }
        let own = ballots.filter { ballot in
            let (a, b) = (ballot.sides.a, ballot.sides.b)
            return a == models[0] && b == models[1] || a == models[1] && b == models[0]
        }
        let kept = own.filter { !apart.contains($0.reviewer) }
        let decided = kept.filter { $0.preferred != nil }
        let share = share(decided, of: models[0])
        let fixed = trial.choices.flatMap { choices in
            decided.count < choices.decisive
                ? nil : self.share(Array(decided.prefix(choices.decisive)), of: models[0])
        }
        let byType = labels.map { labels in Dictionary(grouping: kept) { labels[$0.comparison] } }
        return PairResult(
            models: models, counts: Preferences(kept, of: models),
            apart: Preferences(own.filter { apart.contains($0.reviewer) }, of: models),
            byType: byType?.mapValues { Preferences($0, of: models) },
            intervalsByType: byType?.compactMapValues { ballots in
                let decided = ballots.filter { $0.preferred != nil }
                return decided.isEmpty ? nil : clustered(decided, of: models[0]).interval()
            }, plan: pair, choices: trial.choices, share: share, fixed: fixed,
            covariates: share.flatMap { covariates(decided, of: models[0], $0) },
            verdict: verdict(share, fixed, models))
    }

    private func share(_ decided: [Ballot], of model: LikenessModel) -> ShareResult? {
        guard !decided.isEmpty else { return nil }
        let clustered = clustered(decided, of: model)
        var seen: Set<Int> = []
        // Later votes on a candidate are not independent of the first one.
        let first = decided.filter { seen.insert(candidates[$0.comparison]).inserted }
        let sequence = BettingSequence(first.map { $0.preferred == model ? 1 : 0 })
        let wins = decided.count { $0.preferred == model }
        return ShareResult(
            proportion: Proportion(wins, of: decided.count), interval: clustered.interval(),
            narrow: clustered.interval(error: 0.1), standardError: clustered.standardError,
            degrees: clustered.variance.map { _ in clustered.degrees },
            designEffect: max(1, Double(decided.count) / clustered.independentCount),
            signTest: SignTest(wins, of: decided.count).pValue,
            anytime: .init(
                votes: first.count, interval: sequence.interval, evidence: sequence.capital(0.5)))
    }

    private func clustered(_ decided: [Ballot], of model: LikenessModel) -> ClusteredShare {
        ClusteredShare(
            decided.map {
                .init(
                    isSuccess: $0.preferred == model, reviewer: $0.reviewer,
                    candidate: candidates[$0.comparison])
            })
    }

    /// - Parameter fixed: of the votes up to the fixed number, once it is reached.
    private func verdict(
        _ share: ShareResult?, _ fixed: ShareResult?, _ models: [LikenessModel]
    ) -> Verdict {
        guard let share, let value = (fixed ?? share).proportion.share else { return .nothing }
        func preferred(_ interval: ClosedRange<Double>) -> LikenessModel? {
            interval.lowerBound > 0.5 ? models[0] : interval.upperBound < 0.5 ? models[1] : nil
        }
        let decided = share.proportion.total
        let more = SignTest.roughAnswers(toDetect: max(value, 1 - value)).map { answers in
            max(0, Int((fixed ?? share).designEffect * answers) - decided)
        }
        guard let choices = trial.choices, let fixed else {
            if let model = preferred(share.anytime.interval) {
                return .preferred(model, early: true)
            }
            guard let choices = trial.choices else { return .unplanned(more: more) }
            return .early(missing: choices.decisive - decided, more: more)
        }
        if let model = preferred(fixed.interval) { return .preferred(model, early: false) }
        let margin = Double(choices.margin) / 100
        let isEquivalent =
            fixed.narrow.lowerBound >= 0.5 - margin && fixed.narrow.upperBound <= 0.5 + margin
        return isEquivalent ? .equivalent : .open(more: more)
    }

    private func covariates(_ decided: [Ballot], of model: LikenessModel, _ share: ShareResult)
        -> Covariates?
    {
        let known = decided.compactMap { ballot in
            features[ballot.comparison].map { (ballot: ballot, features: $0) }
        }
        guard known.count == decided.count, !known.isEmpty else { return nil }
        let sign = known.map { $0.ballot.sides.a == model ? 1.0 : -1.0 }
        let common = known.map(\.features.common)
        let mean = common.reduce(0, +) / Double(common.count)
        var columns: [(name: Covariates.Name, values: [Double])] = [
            (.sameType, zip(sign, known).map { $0 * $1.features.sameType }),
            (.common, common.map { $0 - mean }),
        ]
        let brightness = known.compactMap(\.features.brightness)
        if brightness.count == known.count {
            columns.append((.brightness, zip(sign, brightness).map { $0 * $1 }))
        }
        columns.removeAll { column in column.values.allSatisfy { $0 == column.values[0] } }
        let answers = known.indices.map { index in
            LogisticRegression.Answer(
                isSuccess: known[index].ballot.preferred == model,
                covariates: columns.map { $0.values[index] },
                reviewer: known[index].ballot.reviewer,
                candidate: candidates[known[index].ballot.comparison])
        }
        guard let fit = LogisticRegression(answers) else { return nil }
        let half =
            StudentT(degrees: share.degrees ?? 1).quantile(tails: 0.05) * fit.standardErrors[0]
        let intercept = fit.coefficients[0]
        let names = [Covariates.Name.intercept] + columns.map(\.name)
        return Covariates(
            adjusted: LogisticRegression.probability(intercept),
            interval: LogisticRegression.probability(
                intercept - half)...LogisticRegression
                .probability(intercept + half),
            terms: names.indices.map {
                .init(
                    name: names[$0], coefficient: fit.coefficients[$0],
                    standardError: fit.standardErrors[$0])
            }, votes: answers.count)
    }
}
