import AtlasModel

/// Pictures of an edition that are duplicates of each other, in sets, with what was decided about them.
struct DuplicateSets {
    /// Sets with undecided pairs first, then larger ones.
    let sets: [Found]
    /// Verdicts on pictures that nothing else connects; they are remembered.
    let others: [DuplicateVerdict]

    /// Pictures that pairs of the kinds `identical` and `copy` or verdicts connect.
    struct Found {
        /// In key order.
        let pictures: [Int]
        let pairs: [Pair]

        var open: Int { pairs.count { $0.verdict == nil } }
    }

    struct Pair {
        let pair: PicturePair
        let verdict: DuplicateVerdict?
    }

    init(_ edition: Edition) {
        let verdicts = Dictionary(
            edition.verdicts.map { ($0.pictures, $0) }, uniquingKeysWith: { $1 })
        let groups = edition.groups
        let found = (groups.pairs + groups.denied)
            .filter { pair in
                pair.kind == .identical || pair.kind == .copy || verdicts[pair.pictures] != nil
            }
            .sorted { ($0.a, $0.b) < ($1.a, $1.b) }
        var forest = PictureForest(count: edition.images.count)
        for pair in found { forest.connect(pair.a, pair.b) }
        let first = forest.firsts
        let pairs = Dictionary(grouping: found) { first[$0.a] }
        sets = PictureGroups(pairs: [], first: first).members.map { pictures in
            Found(
                pictures: pictures,
                pairs: (pairs[pictures[0]] ?? []).map {
                    Pair(pair: $0, verdict: verdicts[$0.pictures])
                })
        }.sorted { left, right in
            (right.open > 0 ? 1 : 0, right.pictures.count, left.pictures[0])
                < (left.open > 0 ? 1 : 0, left.pictures.count, right.pictures[0])
        }
        let known = Set(found.map(\.pictures))
        others = edition.verdicts.filter { !known.contains($0.pictures) }
    }

    var isEmpty: Bool { sets.isEmpty && others.isEmpty }

    /// `12 sets of duplicates, of 27 pictures; 3 have pairs that nobody has decided on.`
    var sentence: String {
        guard !sets.isEmpty else { return "No picture is a duplicate of another one." }
        let pictures = sets.reduce(0) { $0 + $1.pictures.count }
        let open = sets.count { $0.open > 0 }
        let state =
            open == 0
            ? "All are decided."
            : "\(Figures.count(open)) \(open == 1 ? "is" : "are") not decided yet."
        return
            "\(Figures.counted(sets.count, "set", "sets")) of duplicates, of \(Figures.pictures(pictures)). \(state)"
    }
}
