import AtlasModel

/// The best matches of one candidate so far. Each target occurs once, with its best rotation. They
/// are ordered by distance, then target, then rotation.
///
/// The result does not depend on the order of offers.
struct BestMatches {
    private(set) var matches: [Match] = []
    private let limit: Int
    /// Whether a target may be offered more than once, with other rotations.
    private let repeats: Bool

    init(limit: Int, repeats: Bool) {
        self.limit = limit
        self.repeats = repeats
        matches.reserveCapacity(limit)
    }

    /// The largest distance of a match that can still be among the best: infinite until there are
    /// `limit` matches.
    var worst: Double {
        matches.count < limit ? .infinity : matches.last?.distance ?? -.infinity
    }

    /// Inserts the match if it is among the best.
    mutating func offer(_ match: Match) {
        if repeats, let known = matches.firstIndex(where: { $0.target == match.target }) {
            guard Self.precedes(match, matches[known]) else { return }
            matches.remove(at: known)
        } else if matches.count == limit {
            guard let last = matches.last, Self.precedes(match, last) else { return }
            matches.removeLast()
        }
        var place = matches.count
        while place > 0, Self.precedes(match, matches[place - 1]) { place -= 1 }
        matches.insert(match, at: place)
    }

    private static func precedes(_ left: Match, _ right: Match) -> Bool {
        if left.distance != right.distance { return left.distance < right.distance }
        if left.target != right.target { return left.target < right.target }
        return left.rotation < right.rotation
    }
}
