import AtlasModel
import Review
import Statistics

extension TallyResult: Encodable {
    private enum CodingKeys: String, CodingKey {
        case trial, votes, reviewers, decided, share, byType, otherTrial, unknown, rejected, pairs,
            ranking, reliability, byReviewer, days, undated, reasons, remarks
    }

    package func encode(to encoder: any Encoder) throws {
        let total = summary.total
        try total.encode(to: encoder)
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(summary.trial, forKey: .trial)
        try values.encode(total.votes, forKey: .votes)
        try values.encode(summary.reviewers, forKey: .reviewers)
        try values.encode(total.decided, forKey: .decided)
        // Members without a value are written as `null`, so that a script always finds them.
        try values.encode(share, forKey: .share)
        try values.encodeIfPresent(summary.byType, forKey: .byType)
        try values.encode(summary.otherTrial, forKey: .otherTrial)
        try values.encode(summary.unknown, forKey: .unknown)
        try values.encode(rejected, forKey: .rejected)
        try values.encode(
            result.pairs.map { JSONPair($0, reviewers: result.countedReviewers) }, forKey: .pairs)
        try values.encode(result.ranking.map(JSONRanking.init), forKey: .ranking)
        try values.encode(JSONReliability(result.reliability), forKey: .reliability)
        try values.encode(result.reviewers.map(JSONReviewer.init), forKey: .byReviewer)
        try values.encode(result.days.map(JSONDay.init), forKey: .days)
        try values.encode(result.undated, forKey: .undated)
        try values.encode(result.reasons.map(JSONReason.init), forKey: .reasons)
        try values.encode(result.remarks, forKey: .remarks)
    }

    private struct Share: Encodable {
        let share: Double
        let interval: [Double]
    }

    /// Wilson's interval of all decided votes, for a trial of one pair.
    private var share: [String: Share]? {
        let total = summary.total
        guard total.models.count == 2, let first = total.models.first else { return nil }
        let proportion = total.share(of: first)
        return proportion.share.map {
            [first.id: Share(share: $0, interval: proportion.interval.ends)]
        }
    }
}

extension ClosedRange<Double> {
    /// The lower and the upper end.
    fileprivate var ends: [Double] { [lowerBound, upperBound] }
}

private struct JSONPair: Encodable {
    let models: [String]
    let counts: Preferences
    let apart: Preferences
    let byType: [String: Preferences]?
    let intervalsByType: [String: [Double]]?
    let pictures: Int
    let identical: Int
    let decisive: Int?
    let margin: Int?
    let share: JSONShare?
    let fixed: JSONShare?
    let covariates: JSONCovariates?
    let verdict: String
    /// The preferred model, by id.
    let preferred: String?
    let statement: String

    init(_ pair: PairResult, reviewers: Int) {
        models = pair.models.map(\.id)
        (counts, apart, byType) = (pair.counts, pair.apart, pair.byType)
        intervalsByType = pair.intervalsByType?.mapValues(\.ends)
        (pictures, identical) = (pair.plan.pictures, pair.plan.identical)
        (decisive, margin) = (pair.choices?.decisive, pair.choices?.margin)
        (share, fixed) = (pair.share.map(JSONShare.init), pair.fixed.map(JSONShare.init))
        covariates = pair.covariates.map(JSONCovariates.init)
        var preferred: String?
        switch pair.verdict {
        case .nothing: verdict = "nothing"
        case .preferred(let model, let early):
            verdict = early ? "preferred-early" : "preferred"
            preferred = model.id
        case .equivalent: verdict = "equivalent"
        case .open: verdict = "open"
        case .early: verdict = "early"
        case .unplanned: verdict = "unplanned"
        }
        self.preferred = preferred
        statement = pair.statement(reviewers: reviewers)
    }
}

private struct JSONShare: Encodable {
    let count: Int
    let total: Int
    let share: Double?
    /// Clustered by reviewer and candidate.
    let interval: [Double]
    let interval90: [Double]
    let standardError: Double?
    let degrees: Double?
    let designEffect: Double
    let wilson: [Double]
    let signTest: Double
    let anytime: Anytime

    struct Anytime: Encodable {
        let votes: Int
        let interval: [Double]
        let evidence: Double
    }

    init(_ share: ShareResult) {
        (count, total) = (share.proportion.count, share.proportion.total)
        self.share = share.proportion.share
        (interval, interval90) = (share.interval.ends, share.narrow.ends)
        (standardError, degrees) = (share.standardError, share.degrees)
        designEffect = share.designEffect
        wilson = share.proportion.interval.ends
        signTest = share.signTest
        anytime = Anytime(
            votes: share.anytime.votes, interval: share.anytime.interval.ends,
            evidence: share.anytime.evidence)
    }
}

private struct JSONCovariates: Encodable {
    let adjusted: Double
    let interval: [Double]
    let votes: Int
    let terms: [String: Term]

    struct Term: Encodable {
        let coefficient: Double
        let standardError: Double
    }

    init(_ covariates: Covariates) {
        (adjusted, interval) = (covariates.adjusted, covariates.interval.ends)
        votes = covariates.votes
        terms = Dictionary(
            uniqueKeysWithValues: covariates.terms.map {
                (
                    $0.name.rawValue,
                    Term(coefficient: $0.coefficient, standardError: $0.standardError)
                )
            })
    }
}

private struct JSONRanking: Encodable {
    let tie: Double
    let models: [Strength]

    struct Strength: Encodable {
        let model: LikenessModel
        let strength: Double
        let standardError: Double
    }

    init(_ ranking: Ranking) {
        tie = ranking.tie
        models = ranking.models.map {
            Strength(model: $0.model, strength: $0.strength, standardError: $0.standardError)
        }
    }
}

private struct JSONCount: Encodable {
    let count: Int
    let total: Int

    init(_ proportion: Proportion) { (count, total) = (proportion.count, proportion.total) }
}

private struct JSONReliability: Encodable {
    let alpha: Double?
    let alphaComparisons: Int
    let oneself: JSONCount
    let left: JSONCount
    let attention: JSONCount

    init(_ reliability: Reliability) {
        (alpha, alphaComparisons) = (reliability.alpha, reliability.alphaComparisons)
        oneself = JSONCount(reliability.oneself)
        left = JSONCount(reliability.left)
        attention = JSONCount(reliability.attention)
    }
}

private struct JSONReviewer: Encodable {
    let reviewer: String
    let name: String?
    let counts: Preferences
    let attention: JSONCount
    let apart: Bool

    init(_ reviewer: ReviewerResult) {
        (self.reviewer, name, counts) = (reviewer.id, reviewer.name, reviewer.counts)
        (attention, apart) = (JSONCount(reviewer.attention), reviewer.isApart)
    }
}

private struct JSONDay: Encodable {
    let day: String
    let votes: Int

    init(_ day: DayVotes) { (self.day, votes) = (day.day, day.votes) }
}

private struct JSONReason: Encodable {
    let reason: String
    let counts: Preferences

    init(_ reason: Reason) { (self.reason, counts) = (reason.text, reason.counts) }
}
