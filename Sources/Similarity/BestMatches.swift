import AtlasModel

/// The best matches of one candidate so far: the first `limit` of all, and the first `limit` of those that
/// are not folded (`Folding`). Each target occurs once, with its best rotation. They are ordered by
/// distance, then target, then rotation.
///
/// The result does not depend on the order of offers.
struct BestMatches {
    /// At most `limit` without folded targets, and at most twice as many with them.
    private(set) var matches: [Match] = []
    /// For each of `matches` whether it is folded.
    private var folded: [Bool] = []
    /// Number of matches that are not folded, at most `limit`.
    private var unfolded = 0
    private let limit: Int
    /// Whether a target may be offered more than once, with other rotations.
    private let repeats: Bool

    init(limit: Int, repeats: Bool) {
        self.limit = limit
        self.repeats = repeats
        matches.reserveCapacity(limit)
    }

    /// The largest distance of a match that can still be among the best: infinite until there are
    /// `limit` matches that are not folded. Of these, the last is the last of all.
    var worst: Double {
        unfolded < limit ? .infinity : matches.last?.distance ?? -.infinity
    }

    /// Inserts the match if it is among the best.
    mutating func offer(_ match: Match, isFolded: Bool = false) {
        if repeats, let known = matches.firstIndex(where: { $0.target == match.target }) {
            guard Self.precedes(match, matches[known]) else { return }
            remove(known)
        } else if unfolded == limit {
            guard let last = matches.last, Self.precedes(match, last) else { return }
        }
        var place = matches.count
        while place > 0, Self.precedes(match, matches[place - 1]) { place -= 1 }
        // A folded match counts only among the first of all.
        if isFolded, place >= limit { return }
        matches.insert(match, at: place)
        folded.insert(isFolded, at: place)
        if !isFolded { unfolded += 1 }
        if unfolded > limit { remove(matches.count - 1) }
        if matches.count > limit, folded[limit] { remove(limit) }
    }

    private mutating func remove(_ place: Int) {
        matches.remove(at: place)
        if !folded.remove(at: place) { unfolded -= 1 }
    }

    private static func precedes(_ left: Match, _ right: Match) -> Bool {
        if left.distance != right.distance { return left.distance < right.distance }
        if left.target != right.target { return left.target < right.target }
        return left.rotation < right.rotation
    }
}
