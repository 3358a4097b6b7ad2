import AtlasModel

/// The answer that counts of one reviewer to one comparison. It is a class because ballots are sorted and
/// filtered many times: a copy of the fields would count references to a dozen strings.
final class Ballot {
    let vote: Vote
    let sides: TrialKey.Sides
    /// Index into the reviewers.
    let reviewer: Int
    /// Index into the comparisons.
    let comparison: Int
    /// The preferred model; `nil` for other answers, and for pictures of a wrong type.
    let preferred: LikenessModel?

    init(vote: Vote, sides: TrialKey.Sides, reviewer: Int, comparison: Int) {
        self.vote = vote
        self.sides = sides
        self.reviewer = reviewer
        self.comparison = comparison
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
    /// Ids of those whose votes count, ascending.
    let reviewers: [String]
    /// Ids of all comparisons of the key, ascending.
    let comparisons: [String]
    let otherTrial: Int
    let unknown: Int

    /// Of the votes of one reviewer on one comparison, the one with the highest revision counts; of
    /// equal revisions, the one with the larger id. If that vote was withdrawn, none counts.
    /// - Parameter votes: votes of any trial in any order, each id once.
    init(_ votes: [Vote], key: TrialKey) {
        comparisons = key.comparisons.keys.sorted()
        let numbers = Dictionary(uniqueKeysWithValues: zip(comparisons, comparisons.indices))
        let sides = comparisons.map { key.comparisons[$0] }
        var (otherTrial, unknown) = (0, 0)
        var asked: [(vote: Int, comparison: Int)] = []
        for (index, vote) in votes.enumerated() {
            if vote.trial != key.trial {
                otherTrial += 1
            } else if let comparison = numbers[vote.comparison] {
                asked.append((index, comparison))
            } else {
                unknown += 1
            }
        }
        (self.otherTrial, self.unknown) = (otherTrial, unknown)
        let counted = Self.last(of: asked, votes).filter { votes[$0.vote].answer != .withdrawn }
        reviewers = Set(counted.map { votes[$0.vote].reviewer }).sorted()
        let reviewer = Dictionary(uniqueKeysWithValues: zip(reviewers, reviewers.indices))
        all =
            counted
            .compactMap { last in
                let vote = votes[last.vote]
                guard let sides = sides[last.comparison], let reviewer = reviewer[vote.reviewer]
                else { return nil }
                return Ballot(
                    vote: vote, sides: sides, reviewer: reviewer, comparison: last.comparison)
            }
            .sorted { ($0.vote.given ?? "9", $0.vote.id) < ($1.vote.given ?? "9", $1.vote.id) }
    }

    /// Of each reviewer's votes on one comparison the last one, in any order.
    private static func last(
        of asked: [(vote: Int, comparison: Int)], _ votes: [Vote]
    ) -> some Collection<(vote: Int, comparison: Int)> {
        struct Question: Hashable {
            let reviewer, comparison: Int
        }
        var reviewers: [String: Int] = [:]
        var last: [Question: (vote: Int, comparison: Int)] = [:]
        last.reserveCapacity(asked.count)
        for one in asked {
            let vote = votes[one.vote]
            let reviewer = reviewers[vote.reviewer] ?? reviewers.count
            reviewers[vote.reviewer] = reviewer
            let question = Question(reviewer: reviewer, comparison: one.comparison)
            if let other = last[question].map({ votes[$0.vote] }),
                (other.revision, other.id) > (vote.revision, vote.id)
            {
                continue
            }
            last[question] = one
        }
        return last.values
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
