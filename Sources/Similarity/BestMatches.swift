import AtlasModel

/// The best matches of one candidate so far: each target once, with its best turn.
struct BestMatches {
    private(set) var matches: [Match] = []
    private let limit: Int

    init(limit: Int) {
        self.limit = limit
        matches.reserveCapacity(limit + 1)
    }

    /// Distance a match must not exceed to be worth offering.
    var worst: Double {
        matches.count < limit ? .infinity : matches[matches.count - 1].distance
    }

    /// Takes the match in if it is among the best: by distance, then target, then turn.
    mutating func offer(_ match: Match) {
        if let known = matches.firstIndex(where: { $0.target == match.target }) {
            guard Self.precedes(match, matches[known]) else { return }
            matches.remove(at: known)
        } else if matches.count == limit {
            guard limit > 0, Self.precedes(match, matches[limit - 1]) else { return }
            matches.removeLast()
        }
        let place = matches.firstIndex { Self.precedes(match, $0) } ?? matches.count
        matches.insert(match, at: place)
    }

    private static func precedes(_ left: Match, _ right: Match) -> Bool {
        (left.distance, left.target, left.rotation) < (right.distance, right.target, right.rotation)
    }
}
