/// Why pictures of a collection belong together, for any two of them.
///
///     // Picture 0 shows the same ground as picture 1, and that as picture 2.
///     relations.kind(0, 2)  // .ground
package struct PictureRelations: Sendable {
    private let first: [Int]
    /// The kind of each pair, by its pictures.
    private let pairs: [SIMD2<Int32>: PairKind]
    /// For each group the kind that the fewest changes explain: that of its pairs if all are of one kind,
    /// else the loosest of them.
    private let groups: [Int: PairKind]

    package init(_ groups: PictureGroups) {
        first = groups.first
        var pairs: [SIMD2<Int32>: PairKind] = [:]
        var loosest: [Int: PairKind] = [:]
        for pair in groups.pairs {
            pairs[pair.pictures] = pair.kind
            let group = groups.first[pair.a]
            guard group == groups.first[pair.b] else { continue }
            let known = loosest[group] ?? pair.kind
            loosest[group] = known.looseness < pair.kind.looseness ? pair.kind : known
        }
        self.pairs = pairs
        self.groups = loosest
    }

    /// Why two different pictures belong together: the kind of their pair, or else that of their group;
    /// `nil` if they do not.
    package func kind(_ one: Int, _ other: Int) -> PairKind? {
        if let kind = pairs[PicturePair.pictures(one, other)] { return kind }
        return first[one] == first[other] ? groups[first[one]] : nil
    }
}

extension PairKind {
    /// From the most alike to the least.
    fileprivate var looseness: Int {
        switch self {
        case .identical: 0
        case .copy: 1
        case .ground: 2
        case .specimen: 3
        }
    }
}
