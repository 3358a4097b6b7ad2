package import AtlasModel

/// Which targets are folded: those of the candidate's own group, which a page tells in one line so that
/// they do not fill its panels. They stay in the ranking.
///
///     // Pictures 0 and 2 are copies; the nearest of picture 0 are 2, 1, 3.
///     folding.panel([two, one, three], of: 0, top: 2)   // 1, 3
///     folding.ranking([two, one, three], top: 2)        // 2, 1
package struct Folding: Sendable {
    /// For each picture the first of its group; empty if nothing is folded.
    private let first: [Int]
    private let kinds: Set<PairKind>
    private let relations: PictureRelations?
    /// For each picture its index in `relations`; `nil` for its own index.
    private let indices: [Int]?

    /// Nothing is folded.
    package static let none = Folding(first: [], kinds: [], relations: nil, indices: nil)

    private init(
        first: [Int], kinds: Set<PairKind>, relations: PictureRelations?, indices: [Int]?
    ) {
        self.first = first
        self.kinds = kinds
        self.relations = relations
        self.indices = indices
    }

    /// - Parameter kinds: why two pictures of a group belong together, for those that are folded.
    package init(_ groups: PictureGroups, kinds: Set<PairKind>) {
        self.init(
            first: groups.first, kinds: kinds,
            relations: kinds.count == PairKind.allCases.count ? nil : PictureRelations(groups),
            indices: nil)
    }

    /// The same for the pictures at some indices, in that order.
    func selecting(_ pictures: [Int]) -> Folding {
        guard !first.isEmpty else { return .none }
        return Folding(
            first: pictures.map { first[$0] }, kinds: kinds, relations: relations,
            indices: pictures.map { indices?[$0] ?? $0 })
    }

    /// Whether a target is folded for a picture of the collection; `nil` stands for a candidate that does
    /// not belong to it.
    func folds(_ target: Int, of own: Int?) -> Bool {
        guard let own, !first.isEmpty, first[own] == first[target] else { return false }
        guard let relations else { return true }
        return relations.kind(indices?[own] ?? own, indices?[target] ?? target)
            .map(kinds.contains) ?? false
    }

    /// Of targets in their order the first `top` of all, and the first `top` that are not folded.
    func kept(_ matches: [Match], of own: Int?, top: Int) -> [Match] {
        var unfolded = 0
        return matches.enumerated().filter { place, match in
            guard !folds(match.target, of: own) else { return place < top }
            unfolded += 1
            return unfolded <= top
        }.map(\.element)
    }

    /// The targets of every picture, from what two shares of a search have found by one model.
    ///
    /// A target that both have found counts with its smaller distance.
    package func joined(_ left: Neighbours, _ right: Neighbours, top: Int) -> Neighbours {
        Neighbours(
            model: left.model,
            matches: zip(left.matches, right.matches).enumerated().map { own, both in
                joined(both.0, both.1, of: own, top: top)
            })
    }

    /// The targets of one picture, as above.
    func joined(_ left: [Match], _ right: [Match], of own: Int, top: Int) -> [Match] {
        if left.isEmpty { return right }
        if right.isEmpty { return left }
        var known: Set<Int> = []
        let sorted = (left + right)
            .sorted { ($0.distance, $0.target) < ($1.distance, $1.target) }
            .filter { known.insert($0.target).inserted }
        return kept(sorted, of: own, top: top)
    }

    /// The first `top` targets of each picture, folded or not.
    package func ranking(_ found: Neighbours, top: Int) -> Neighbours {
        Neighbours(
            model: found.model,
            // An array that stays whole is shared, which saves memory.
            matches: found.matches.map { $0.count <= top ? $0 : Array($0.prefix(top)) },
            recall: found.recall)
    }

    /// The first `top` targets of each picture that are not folded.
    package func panels(_ found: Neighbours, top: Int) -> Neighbours {
        Neighbours(
            model: found.model,
            matches: found.matches.enumerated().map { own, matches in
                matches.count <= top && !matches.contains { folds($0.target, of: own) }
                    ? matches
                    : Array(matches.filter { !folds($0.target, of: own) }.prefix(top))
            }, recall: found.recall)
    }
}
