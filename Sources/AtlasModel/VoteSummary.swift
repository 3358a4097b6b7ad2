/// The votes of reviewers, counted by preference.
package struct Preferences: Sendable, Equatable {
    /// For each model of a trial, the number of votes that preferred it to the other.
    package var preferred: [LikenessModel: Int]
    package var equal: Int
    package var neither: Int

    package init(preferred: [LikenessModel: Int], equal: Int = 0, neither: Int = 0) {
        self.preferred = preferred
        self.equal = equal
        self.neither = neither
    }

    package var votes: Int { decided + equal + neither }

    /// Votes that preferred one model to the other.
    package var decided: Int { preferred.values.reduce(0, +) }

    /// The models of the trial, in falling order of their ids, so Pairwise comes first.
    package var models: [LikenessModel] {
        preferred.keys.sorted { $0.id > $1.id }
    }

    /// Share of the decided votes that preferred `model`.
    package func share(of model: LikenessModel) -> Proportion {
        Proportion(preferred[model, default: 0], of: decided)
    }
}

/// The votes of one trial, counted.
package struct VoteSummary: Sendable, Equatable {
    package let trial: String
    package let total: Preferences
    /// Number of reviewers with at least one counted vote.
    package let reviewers: Int
    /// By label of the candidate; `nil` when the candidates are unknown.
    package let byType: [String: Preferences]?
    /// Number of votes that are not counted because they belong to another trial.
    package let otherTrial: Int
    /// Number of votes of this trial that are not counted because the key lacks their comparison.
    package let unknown: Int

    package init(
        trial: String, total: Preferences, reviewers: Int, byType: [String: Preferences]?,
        otherTrial: Int, unknown: Int
    ) {
        self.trial = trial
        self.total = total
        self.reviewers = reviewers
        self.byType = byType
        self.otherTrial = otherTrial
        self.unknown = unknown
    }
}

/// A line of a vote file that could not be used.
package struct Rejection: Sendable, Hashable, Codable, Comparable {
    package let path: String
    /// Counted from 1; 0 when the whole file could not be read.
    package let line: Int
    package let reason: String

    package init(path: String, line: Int, reason: String) {
        self.path = path
        self.line = line
        self.reason = reason
    }

    package static func < (left: Rejection, right: Rejection) -> Bool {
        (left.path, left.line, left.reason) < (right.path, right.line, right.reason)
    }
}
