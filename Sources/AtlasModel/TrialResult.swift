/// What the votes of one trial say: the page of results and `votes tally --json` show these numbers.
package struct TrialResult: Sendable, Equatable {
    /// The counts.
    package let summary: VoteSummary
    /// One for each compared pair, in the order of the plan.
    package let pairs: [PairResult]
    /// Strengths of the models; `nil` with two models, and when the votes do not determine them.
    package let ranking: Ranking?
    package let reliability: Reliability
    /// In the order of their names, then of their ids.
    package let reviewers: [ReviewerResult]
    package let days: [DayVotes]
    /// Votes that do not say when they were given.
    package let undated: Int
    /// Reasons that reviewers ticked, the most frequent first.
    package let reasons: [Reason]
    /// What reviewers wrote, in the order of the votes.
    package let remarks: [String]

    package init(
        summary: VoteSummary, pairs: [PairResult], ranking: Ranking?, reliability: Reliability,
        reviewers: [ReviewerResult], days: [DayVotes], undated: Int, reasons: [Reason],
        remarks: [String]
    ) {
        self.summary = summary
        self.pairs = pairs
        self.ranking = ranking
        self.reliability = reliability
        self.reviewers = reviewers
        self.days = days
        self.undated = undated
        self.reasons = reasons
        self.remarks = remarks
    }
}

/// What the votes say about two models.
package struct PairResult: Sendable, Equatable {
    /// The first one is the subject: shares are those of votes for it.
    package let models: [LikenessModel]
    /// Counts of the reviewers who passed the test of attention; those of the others are apart.
    package let counts: Preferences
    package let apart: Preferences
    package let byType: [String: Preferences]?
    /// By label of the candidate: the interval of the share of the decided votes, clustered by reviewer
    /// and candidate as that of all votes is. Labels without decided votes are left out.
    package let intervalsByType: [String: ClosedRange<Double>]?
    /// The pair in the plan.
    package let plan: ReviewPlan.Pair
    package let choices: ReviewPlan.Choices?
    /// Of all decided votes; `nil` without any.
    package let share: ShareResult?
    /// Of the first ones, up to the number that was fixed beforehand; `nil` until it is reached. The
    /// verdict is about these, since votes that are asked for after a look at the result would bias it.
    package let fixed: ShareResult?
    /// What the pictures of the panels explain; `nil` when the votes are too few.
    package let covariates: Covariates?
    package let verdict: Verdict

    package init(
        models: [LikenessModel], counts: Preferences, apart: Preferences,
        byType: [String: Preferences]?, intervalsByType: [String: ClosedRange<Double>]?,
        plan: ReviewPlan.Pair, choices: ReviewPlan.Choices?,
        share: ShareResult?, fixed: ShareResult? = nil, covariates: Covariates?, verdict: Verdict
    ) {
        self.models = models
        self.counts = counts
        self.apart = apart
        self.byType = byType
        self.intervalsByType = intervalsByType
        self.plan = plan
        self.choices = choices
        self.share = share
        self.fixed = fixed
        self.covariates = covariates
        self.verdict = verdict
    }
}

/// A share of the decided votes, from 0 to 1, with its intervals of 95 %.
package struct ShareResult: Sendable, Equatable {
    package let proportion: Proportion
    /// Clustered by reviewer and candidate.
    package let interval: ClosedRange<Double>
    /// The clustered interval of 90 %: two one-sided tests at 5 %.
    package let narrow: ClosedRange<Double>
    package let standardError: Double?
    package let degrees: Double?
    /// How many times as many votes are needed as if they were independent; 1 or more.
    package let designEffect: Double
    /// Of the exact sign test, two-sided; it takes the votes as independent.
    package let signTest: Double
    /// Valid at any time.
    package let anytime: Anytime

    package struct Anytime: Sendable, Equatable {
        /// Votes that it uses: the first decided one on each candidate.
        package let votes: Int
        package let interval: ClosedRange<Double>
        /// Evidence against a share of one half: the capital of the luckier of two betters; 20 is
        /// enough for 95 %.
        package let evidence: Double

        package init(votes: Int, interval: ClosedRange<Double>, evidence: Double) {
            self.votes = votes
            self.interval = interval
            self.evidence = evidence
        }
    }

    package init(
        proportion: Proportion, interval: ClosedRange<Double>, narrow: ClosedRange<Double>,
        standardError: Double?, degrees: Double?, designEffect: Double, signTest: Double,
        anytime: Anytime
    ) {
        self.proportion = proportion
        self.interval = interval
        self.narrow = narrow
        self.standardError = standardError
        self.degrees = degrees
        self.designEffect = designEffect
        self.signTest = signTest
        self.anytime = anytime
    }
}

/// What may be concluded about two models.
package enum Verdict: Sendable, Equatable {
    /// Nobody preferred one of them.
    case nothing
    /// `model` was preferred. `early`: by the bound that is valid at any time, before the fixed number
    /// of votes.
    case preferred(LikenessModel, early: Bool)
    /// The share lies within the margin around one half.
    case equivalent
    /// The fixed number of votes is reached, and they show neither a difference nor equivalence.
    /// `more`: votes that a difference of this size would need besides, 0 when it should show
    /// already; `nil` when it is too small to say.
    case open(more: Int?)
    /// The fixed number is not reached. `missing`: votes up to it.
    case early(missing: Int, more: Int?)
    /// A trial for which no number was fixed beforehand.
    case unplanned(more: Int?)
}

/// A logistic regression of the decided votes.
package struct Covariates: Sendable, Equatable {
    /// The share for panels that are equal in all covariates, and its interval of 95 %.
    package let adjusted: Double
    package let interval: ClosedRange<Double>
    /// Intercept first.
    package let terms: [Term]
    package let votes: Int

    package struct Term: Sendable, Equatable {
        package let name: Name
        /// Logarithm of the odds, for one unit of the covariate.
        package let coefficient: Double
        package let standardError: Double

        package init(name: Name, coefficient: Double, standardError: Double) {
            self.name = name
            self.coefficient = coefficient
            self.standardError = standardError
        }
    }

    package enum Name: String, Sendable {
        case intercept
        /// Share of targets of the candidate's type, first panel minus second.
        case sameType
        /// Share of targets that stand in both panels, minus its mean.
        case common
        /// How much nearer the first panel is to the candidate in mean brightness, in tenths of the
        /// range.
        case brightness
    }

    package init(
        adjusted: Double, interval: ClosedRange<Double>, terms: [Term], votes: Int
    ) {
        self.adjusted = adjusted
        self.interval = interval
        self.terms = terms
        self.votes = votes
    }
}

/// Strengths of several models (Bradley and Terry, with ties by Davidson).
package struct Ranking: Sendable, Equatable {
    /// The strongest first.
    package let models: [Strength]
    /// Davidson's ν.
    package let tie: Double

    package struct Strength: Sendable, Equatable {
        package let model: LikenessModel
        /// Logarithm; all sum to 0.
        package let strength: Double
        package let standardError: Double

        package init(model: LikenessModel, strength: Double, standardError: Double) {
            self.model = model
            self.strength = strength
            self.standardError = standardError
        }
    }

    package init(models: [Strength], tie: Double) {
        self.models = models
        self.tie = tie
    }
}

/// How far the votes can be trusted.
package struct Reliability: Sendable, Equatable {
    /// Krippendorff's alpha between reviewers, of the comparisons that two or more answered.
    package let alpha: Double?
    package let alphaComparisons: Int
    /// Comparisons shown again that got the same answer from the same reviewer.
    package let oneself: Proportion
    /// Decided votes for the panel on the left.
    package let left: Proportion
    /// Comparisons with a panel of a wrong type that were failed.
    package let attention: Proportion

    package init(
        alpha: Double?, alphaComparisons: Int, oneself: Proportion, left: Proportion,
        attention: Proportion
    ) {
        self.alpha = alpha
        self.alphaComparisons = alphaComparisons
        self.oneself = oneself
        self.left = left
        self.attention = attention
    }
}

/// The votes of one reviewer.
package struct ReviewerResult: Sendable, Equatable {
    package let id: String
    /// What the reviewer typed last as a name.
    package let name: String?
    package let counts: Preferences
    /// Failed tests of attention.
    package let attention: Proportion
    /// Whether more than 15 % of them were failed: the votes are counted apart.
    package let isApart: Bool

    package init(
        id: String, name: String?, counts: Preferences, attention: Proportion, isApart: Bool
    ) {
        self.id = id
        self.name = name
        self.counts = counts
        self.attention = attention
        self.isApart = isApart
    }
}

/// Votes given on one day by the reviewers' clocks.
package struct DayVotes: Sendable, Equatable {
    /// `2026-05-14`.
    package let day: String
    package let votes: Int

    package init(day: String, votes: Int) {
        self.day = day
        self.votes = votes
    }
}

/// A reason that reviewers ticked.
package struct Reason: Sendable, Equatable {
    package let text: String
    /// Counts of the votes with it.
    package let counts: Preferences

    package init(text: String, counts: Preferences) {
        self.text = text
        self.counts = counts
    }
}
