import AtlasModel

/// The answer that counts of one reviewer to one comparison. It is a class because ballots are sorted and
/// filtered many times: a copy of the fields would count references to a dozen strings.
final class Ballot {
    let vote: Vote
    let sides: TrialKey.Sides
    /// Index into the reviewers.
    let reviewer: Int
    /// The preferred model; `nil` for other answers, and for pictures of a wrong type.
    let preferred: LikenessModel?

    init(vote: Vote, sides: TrialKey.Sides, reviewer: Int) {
        self.vote = vote
        self.sides = sides
        self.reviewer = reviewer
        preferred =
            switch vote.answer {
            case .a: sides.a
            case .b: sides.b
            case .equal, .neither, .withdrawn: nil
            }
    }

    /// Whether the panel on the left was preferred; `nil` for other answers.
    var isLeft: Bool? {
        switch vote.answer {
        case .a: !vote.isSwapped
        case .b: vote.isSwapped
        case .equal, .neither, .withdrawn: nil
        }
    }

    /// Whether a test of attention was failed.
    var isFailed: Bool {
        switch vote.answer {
        case .a: sides.a == nil
        case .b: sides.b == nil
        case .equal: true
        case .neither, .withdrawn: false
        }
    }
}

/// The votes of a trial that count.
struct Ballots {
    /// In the order in which they were given by the reviewers' clocks, undated ones last; of equal
    /// times in the order of their ids.
    let all: [Ballot]
    /// Ids, ascending.
    let reviewers: [String]
    let otherTrial: Int
    let unknown: Int

    /// Of the votes of one reviewer on one comparison, the one with the highest revision counts; of
    /// equal revisions, the one with the larger id. If that vote was withdrawn, none counts.
    /// - Parameter votes: votes of any trial in any order, each id once.
    init(_ votes: [Vote], key: TrialKey) {
        struct Question: Hashable {
            let reviewer: String
            let comparison: String
        }
        // Indices into the votes.
        var last: [Question: Int] = [:]
        last.reserveCapacity(votes.count)
        var (otherTrial, unknown) = (0, 0)
        for (index, vote) in votes.enumerated() {
            guard vote.trial == key.trial else {
                otherTrial += 1
                continue
            }
            guard key.comparisons[vote.comparison] != nil else {
                unknown += 1
                continue
            }
            let question = Question(reviewer: vote.reviewer, comparison: vote.comparison)
            if let other = last[question].map({ votes[$0] }),
                (other.revision, other.id) > (vote.revision, vote.id)
            {
                continue
            }
            last[question] = index
        }
        (self.otherTrial, self.unknown) = (otherTrial, unknown)
        let counted = last.values.filter { votes[$0].answer != .withdrawn }
        reviewers = Set(counted.map { votes[$0].reviewer }).sorted()
        let index = Dictionary(uniqueKeysWithValues: zip(reviewers, reviewers.indices))
        all =
            counted
            .compactMap { number in
                let vote = votes[number]
                guard let sides = key.comparisons[vote.comparison],
                    let reviewer = index[vote.reviewer]
                else { return nil }
                return Ballot(vote: vote, sides: sides, reviewer: reviewer)
            }
            .sorted { ($0.vote.given ?? "9", $0.vote.id) < ($1.vote.given ?? "9", $1.vote.id) }
    }

    /// Answers to comparisons that are counted.
    var normal: [Ballot] { all.filter { $0.sides.kind == .normal } }
}

extension Preferences {
    /// No vote for any of `models`.
    init(none models: some Collection<LikenessModel>) {
        self.init(preferred: Dictionary(uniqueKeysWithValues: Set(models).map { ($0, 0) }))
    }

    init(_ ballots: some Sequence<Ballot>, of models: some Collection<LikenessModel>) {
        self.init(none: models)
        for ballot in ballots { count(ballot) }
    }

    mutating func count(_ ballot: Ballot) {
        switch ballot.vote.answer {
        case .a, .b: if let model = ballot.preferred { preferred[model, default: 0] += 1 }
        case .equal: equal += 1
        case .neither: neither += 1
        case .withdrawn: break
        }
    }
}
