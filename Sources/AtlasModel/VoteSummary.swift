/// What reviewers answered, counted by what they preferred.
public struct Preferences: Sendable, Equatable {
    /// Votes that preferred a model to the other, for both models of a trial.
    public var preferred: [LikenessModel: Int]
    public var equal: Int
    public var neither: Int

    public init(preferred: [LikenessModel: Int], equal: Int = 0, neither: Int = 0) {
        self.preferred = preferred
        self.equal = equal
        self.neither = neither
    }

    public var votes: Int { decided + equal + neither }

    /// Votes that preferred one model to the other.
    public var decided: Int { preferred.values.reduce(0, +) }

    /// The models of the trial, in falling order of their ids: Pairwise first.
    public var models: [LikenessModel] {
        preferred.keys.sorted { $0.id > $1.id }
    }

    /// Share of the decided votes that preferred `model`.
    public func share(of model: LikenessModel) -> Proportion {
        Proportion(preferred[model, default: 0], of: decided)
    }
}

/// The votes of one trial, counted.
public struct VoteSummary: Sendable, Equatable {
    public let trial: String
    public let total: Preferences
    /// Reviewers with at least one vote that counts.
    public let reviewers: Int
    /// By label of the candidate; `nil` when the candidates are not known.
    public let byType: [String: Preferences]?
    /// Votes left out because they belong to another trial.
    public let otherTrial: Int
    /// Votes of this trial left out because the key does not know their comparison.
    public let unknown: Int

    public init(
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
public struct Rejection: Sendable, Hashable, Codable, Comparable {
    public let path: String
    /// Counted from 1; 0 when the whole file could not be read.
    public let line: Int
    public let reason: String

    public init(path: String, line: Int, reason: String) {
        self.path = path
        self.line = line
        self.reason = reason
    }

    public static func < (left: Rejection, right: Rejection) -> Bool {
        (left.path, left.line, left.reason) < (right.path, right.line, right.reason)
    }
}
