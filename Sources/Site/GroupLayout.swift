import AtlasModel

/// The groups of an edition, as the pages of their pictures tell them. A class, because a layout is asked
/// for it many times for each page, and would copy its parts.
final class GroupLayout: Sendable {
    /// Another picture of a picture's group.
    struct Mate: Sendable {
        let picture: Int
        let kind: PairKind
        /// How it lies over the picture, if both show the same ground.
        let shift: Shift?
    }

    /// How far the upper left corner of one picture is below and to the right of that of another, in
    /// pixels of the model vector.
    struct Shift: Sendable, Equatable {
        let down: Int
        let right: Int

        var reversed: Shift { Shift(down: -down, right: -right) }
    }

    private let groups: PictureGroups
    private let relations: PictureRelations
    /// By the first picture.
    private let members: [Int: [Int]]
    /// For each picture the pairs that connect it with others of its group, as mates.
    private let paired: [Int: [Mate]]
    /// The shift of each pair of the same ground, of the second picture over the first.
    private let shifts: [SIMD2<Int32>: Shift]

    init(_ groups: PictureGroups) {
        self.groups = groups
        relations = PictureRelations(groups)
        members = Dictionary(
            groups.members.map { ($0[0], $0) }, uniquingKeysWith: { first, _ in first })
        var paired: [Int: [Mate]] = [:]
        var shifts: [SIMD2<Int32>: Shift] = [:]
        for pair in groups.pairs {
            var shift: Shift?
            if pair.kind == .ground {
                let own = Shift(down: pair.down, right: pair.right)
                shifts[pair.pictures] = own
                shift = own
            }
            guard groups.first[pair.a] == groups.first[pair.b] else { continue }
            paired[pair.a, default: []].append(
                Mate(picture: pair.b, kind: pair.kind, shift: shift))
            paired[pair.b, default: []].append(
                Mate(picture: pair.a, kind: pair.kind, shift: shift?.reversed))
        }
        self.paired = paired
        self.shifts = shifts
    }

    /// Whether a picture's group has others.
    func hasMates(_ picture: Int) -> Bool { members[groups.first[picture]] != nil }

    /// How a target lies over a candidate; `nil` unless they are a pair of the same ground.
    func shift(of target: Int, over candidate: Int) -> Shift? {
        let shift = shifts[PicturePair.pictures(target, candidate)]
        return target < candidate ? shift?.reversed : shift
    }

    /// The other pictures of a picture's group: those it is paired with by how near they are, then the
    /// others in key order.
    /// - Parameter excluded: pictures that are told elsewhere.
    func mates(of picture: Int, excluding excluded: Set<Int>) -> [Mate] {
        guard let all = members[groups.first[picture]] else { return [] }
        let near = paired[picture, default: []].sorted { $0.nearness < $1.nearness }
        var known = excluded
        known.insert(picture)
        for mate in near { known.insert(mate.picture) }
        let others = all.filter { !known.contains($0) }.compactMap { other in
            relations.kind(picture, other).map { Mate(picture: other, kind: $0, shift: nil) }
        }
        return near.filter { !excluded.contains($0.picture) } + others
    }
}

extension GroupLayout.Mate {
    /// Orders mates: by kind, then by how far they are shifted, then by key.
    fileprivate var nearness: (Int, Int, Int) {
        (kind.rank, shift.map { abs($0.down) + abs($0.right) } ?? 0, picture)
    }
}

extension PairKind {
    fileprivate var rank: Int {
        PairKind.allCases.firstIndex(of: self) ?? PairKind.allCases.count
    }

    /// `7 pictures of the same ground`.
    func counted(_ count: Int) -> String {
        switch self {
        case .identical: Figures.counted(count, "identical picture", "identical pictures")
        case .copy: Figures.counted(count, "copy", "copies")
        case .ground:
            Figures.counted(count, "picture of the same ground", "pictures of the same ground")
        case .specimen:
            Figures.counted(count, "picture of the same specimen", "pictures of the same specimen")
        }
    }
}
