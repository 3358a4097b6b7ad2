package import AtlasModel
import Statistics

extension TrialResult {
    /// Counts the votes of a trial and computes all that the report tells.
    /// - Parameter votes: votes of any trial in any order, each id once.
    package init(of votes: [Vote], in trial: TrialRecord) {
        let ballots = Ballots(votes, key: trial.key)
        let reviewers = ReviewerResult.all(ballots, models: trial.key.models)
        let apart = Set(reviewers.indices.filter { reviewers[$0].isApart })
        let counting = PairCounting(
            trial: trial, comparisons: ballots.comparisons, apart: apart)
        let normal = ballots.normal
        let kept = normal.filter { !apart.contains($0.reviewer) }
        let models = trial.key.models
        let withTags = kept.filter { !$0.vote.tags.isEmpty }
        let ticked = Set(withTags.flatMap { $0.vote.tags }).map { text in
            Reason(
                text: text,
                counts: Preferences(withTags.filter { $0.vote.tags.contains(text) }, of: models))
        }
        let days = Dictionary(
            normal.compactMap { $0.vote.given.map { (String($0.prefix(10)), 1) } },
            uniquingKeysWith: +)
        self.init(
            summary: VoteSummary(ballots, key: trial.key, labels: trial.labels),
            pairs: trial.key.pairs.map { counting.result(of: $0, normal) },
            ranking: Ranking(kept, pairs: trial.key.pairs),
            reliability: Reliability(ballots, apart: apart),
            reviewers: reviewers.sorted { ($0.name ?? "", $0.id) < ($1.name ?? "", $1.id) },
            days: days.sorted { $0.key < $1.key }.map { DayVotes(day: $0.key, votes: $0.value) },
            undated: normal.count { $0.vote.given == nil },
            reasons: ticked.sorted { ($1.counts.votes, $0.text) < ($0.counts.votes, $1.text) },
            remarks: ballots.all.compactMap { $0.vote.remark })
    }
}

extension ReviewerResult {
    /// Share of failed tests of attention above which a reviewer is apart: ITU-R BS.1534-3, section
    /// 4.1.2.
    package static let mostFailed = 0.15

    /// One for each reviewer, in their order.
    static func all(_ ballots: Ballots, models: Set<LikenessModel>) -> [ReviewerResult] {
        let byReviewer = Dictionary(grouping: ballots.all, by: \.reviewer)
        return ballots.reviewers.indices.map { index in
            let own = byReviewer[index] ?? []
            let tests = own.filter { $0.sides.kind == .attention }
            let attention = Proportion(tests.count(where: \.isFailed), of: tests.count)
            return ReviewerResult(
                id: ballots.reviewers[index], name: own.last { $0.vote.name != nil }?.vote.name,
                counts: Preferences(own.filter { $0.sides.kind == .normal }, of: models),
                attention: attention, isApart: (attention.share ?? 0) > mostFailed)
        }
    }
}

extension Reliability {
    /// - Parameter apart: reviewers who are left out of everything but the tests of attention.
    init(_ ballots: Ballots, apart: Set<Int>) {
        /// What an answer means, whatever the sides.
        func meaning(_ ballot: Ballot) -> String {
            ballot.preferred?.id ?? ballot.vote.answer.rawValue
        }
        let kept = ballots.all.filter { !apart.contains($0.reviewer) }
        let normal = kept.filter { $0.sides.kind == .normal }
        let units = Dictionary(grouping: normal, by: \.comparison).values
            .map { $0.map(meaning) }
        let agreement = KrippendorffAlpha(units)
        struct Place: Hashable {
            let reviewer: Int
            let comparison: String
        }
        let repeated = kept.filter { if case .again = $0.sides.kind { true } else { false } }
        let first =
            repeated.isEmpty
            ? [:]
            : Dictionary(
                normal.map {
                    (Place(reviewer: $0.reviewer, comparison: $0.vote.comparison), meaning($0))
                }, uniquingKeysWith: { first, _ in first })
        var (same, again) = (0, 0)
        for ballot in repeated {
            guard case .again(let id) = ballot.sides.kind,
                let answer = first[Place(reviewer: ballot.reviewer, comparison: id)]
            else { continue }
            again += 1
            if answer == meaning(ballot) { same += 1 }
        }
        let sides = normal.compactMap(\.isLeft)
        let tests = ballots.all.filter { $0.sides.kind == .attention }
        self.init(
            alpha: agreement.alpha, alphaComparisons: agreement.units,
            oneself: Proportion(same, of: again),
            left: Proportion(sides.count { $0 }, of: sides.count),
            attention: Proportion(tests.count(where: \.isFailed), of: tests.count))
    }
}

extension Ranking {
    /// `nil` with fewer than three models.
    init?(_ ballots: [Ballot], pairs: [ReviewPlan.Pair]) {
        let models = Set(pairs.flatMap(\.models)).sorted { $0.id < $1.id }
        guard models.count > 2 else { return nil }
        let index = Dictionary(uniqueKeysWithValues: zip(models, models.indices))
        let byModels = Dictionary(grouping: ballots) { Set([$0.sides.a, $0.sides.b]) }
        let counted = pairs.compactMap { pair -> Davidson.Pair? in
            guard let first = index[pair.models[0]], let second = index[pair.models[1]] else {
                return nil
            }
            let counts = Preferences(byModels[Set(pair.models)] ?? [], of: pair.models)
            return Davidson.Pair(
                first: first, second: second, wins: counts.preferred[pair.models[0], default: 0],
                losses: counts.preferred[pair.models[1], default: 0], ties: counts.equal)
        }
        guard let fit = Davidson(counted, models: models.count) else { return nil }
        self.init(
            models: models.indices.map {
                Strength(
                    model: models[$0], strength: fit.strengths[$0],
                    standardError: fit.standardErrors[$0])
            }.sorted { ($1.strength, $0.model.id) < ($0.strength, $1.model.id) },
            tie: fit.tie)
    }
}
