package import AtlasModel

/// How many of the pictures of the same ground a likeness model finds among its first targets. Unlike
/// types, they are known without anybody's judgement.
package struct PartnerRate: Sendable, Equatable {
    /// The pictures found, of those that may be found: at most `n` of one picture. Candidates are pictures
    /// that show the same ground as another one.
    package let found: SameTypeRate
    /// Share that targets drawn at random would find, on average; `nil` without partners.
    package let chance: Double?
}

extension Neighbours {
    /// How many of the pictures that show the same ground as a candidate are among its first `n` targets.
    ///
    ///     // Of four pictures 0 and 1 show the same ground; the first targets are [1] and [2].
    ///     neighbours.partners(in: groups, n: 1).found.share  // 0.5
    ///     neighbours.partners(in: groups, n: 1).chance       // 1 / 3
    ///
    /// - Parameters:
    ///   - groups: pairs of other kinds than `ground` are not counted.
    ///   - queries: the candidates; `nil` for all pictures that have partners.
    package func partners(in groups: PictureGroups, n: Int, of queries: Set<Int>? = nil)
        -> PartnerRate
    {
        var partners: [Int: Set<Int>] = [:]
        for pair in groups.pairs where pair.kind == .ground {
            partners[pair.a, default: []].insert(pair.b)
            partners[pair.b, default: []].insert(pair.a)
        }
        if let queries { partners = partners.filter { queries.contains($0.key) } }
        let counts = partners.keys.sorted().map {
            picture -> (group: Int, same: Int, targets: Int) in
            let known = partners[picture, default: []]
            let found = matches[picture].prefix(n).count { known.contains($0.target) }
            return (groups.first[picture], found, min(n, known.count))
        }
        // The mean of the hypergeometric distribution: n draws among all other pictures.
        let others = Double(matches.count - 1)
        let expected = partners.values.reduce(0.0) {
            $0 + min(Double(n), others) * Double($1.count) / others
        }
        let possible = counts.reduce(0) { $0 + $1.targets }
        return PartnerRate(
            found: SameTypeRate(counts), chance: possible > 0 ? expected / Double(possible) : nil)
    }
}
