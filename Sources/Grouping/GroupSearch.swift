package import AtlasModel
package import Parallel

/// Finds the pictures of a collection that belong together.
package struct GroupSearch: Sendable {
    private let input: GroupingInput
    private var vectors: ModelVectors { input.vectors }

    package init(_ input: GroupingInput) { self.input = input }

    /// The groups. Of several reasons why two pictures belong together, the pair has the strongest: equal
    /// pictures, then copies, then the same ground, then one specimen. All but the first of equal
    /// pictures, and of the pictures of a specimen, are paired with the first of them.
    ///
    /// A pair of the same ground connects only if its shift is sure, and if the scenes that it connects
    /// agree (`GroundForest`). Another one is among the pairs of the result too, but its pictures may be
    /// in different groups. Pairs of featureless ground are left out.
    /// - Parameter progress: in pictures.
    /// - Throws: `KernelError`, or the error of reading a picture.
    package func groups(workers: Workers, progress: ProgressReport? = nil) throws -> PictureGroups {
        let identical = identicalPairs
        let equal = Set(identical.map(\.b))
        // What holds for the first of equal pictures holds for all.
        let different = (0..<vectors.count).filter { !equal.contains($0) }
        let copies = try copyPairs(of: different, workers: workers)
        let ground = try groundPairs(of: different, workers: workers, progress: progress)
            .map { (pair: $0, evidence: $0.evidence(in: vectors)) }
            .filter { $0.evidence != .featureless }
        var forest = PictureForest(count: vectors.count)
        for pair in identical + copies + specimenPairs { forest.connect(pair.a, pair.b) }
        var scenes = GroundForest(vectors)
        let located = ground.filter { $0.evidence == .located }.map(\.pair)
        for pair in located.sorted(by: { $0.strength > $1.strength }) where scenes.connect(pair) {
            forest.connect(pair.a, pair.b)
        }
        var known = Set<[Int]>()
        let pairs = (identical + copies + ground.map(\.pair.pair) + specimenPairs).filter {
            known.insert([$0.a, $0.b]).inserted
        }
        return PictureGroups(
            pairs: pairs.sorted { ($0.a, $0.b) < ($1.a, $1.b) },
            first: forest.firsts)
    }

    /// Pairs of copies: of large pictures with large ones, and of small ones with small ones.
    private func copyPairs(of pictures: [Int], workers: Workers) throws -> [PicturePair] {
        let large = try alike(pictures.filter(input.isLarge), .large, workers: workers)
        let wanted = Set(large.flatMap { [$0.a, $0.b] }).sorted()
        let details = Dictionary(
            uniqueKeysWithValues: zip(
                wanted,
                try workers.map(wanted.count) {
                    Detail(try input.detail(wanted[$0]), isLarge: true)
                }))
        let copies = large.filter { pair in
            guard let a = details[pair.a], let b = details[pair.b] else { return false }
            return a.correlation(with: b, turnedBy: pair.turn) >= CopyRule.large.detail
        }
        let small = try alike(
            pictures.filter { !input.isLarge($0) }, .small, workers: workers
        ).filter { pair in
            let a = Detail(vectors[pair.a], isLarge: false)
            let b = Detail(vectors[pair.b], isLarge: false)
            return a.correlation(with: b, turnedBy: pair.turn) >= CopyRule.small.detail
        }
        return copies + small
    }

    /// Whether a picture is as good as equal to itself shifted in any direction: smooth pictures of
    /// different things are alike in all that this program looks at.
    private func isFeatureless(_ picture: Int) -> Bool {
        GroundPair(a: picture, b: picture, shift: .none, correlation: 1, contrast: 0)
            .evidence(in: vectors) == .featureless
    }

    /// Pairs of some pictures whose model vectors are alike, and which have one shape.
    private func alike(_ pictures: [Int], _ rule: CopyRule, workers: Workers) throws
        -> [PicturePair]
    {
        try CopySearch(
            vectors.selecting(pictures), reaching: rule.correlation, workers: workers
        ).pairs(workers: workers).map { pair in
            PicturePair(
                a: pictures[pair.a], b: pictures[pair.b], kind: .copy, turn: pair.turn,
                correlation: pair.correlation)
        }.filter { pair in
            input.haveOneShape(pair.a, pair.b, turn: pair.turn) && !isFeatureless(pair.a)
        }
    }

    /// Each picture that is equal to an earlier one, with the first of those.
    private var identicalPairs: [PicturePair] {
        pairs(by: input.images.map(\.digest)) { first, index in
            let own = Array(vectors[first])
            let turn = (0..<ModelVectors.symmetries).first {
                vectors.transformed(index, by: $0) == own
            }
            return PicturePair(
                a: first, b: index, kind: .identical, turn: turn ?? 0, correlation: 1)
        }
    }

    private var specimenPairs: [PicturePair] {
        pairs(by: input.specimens) { PicturePair(a: $0, b: $1, kind: .specimen, correlation: .nan) }
    }

    private func pairs(by names: [String], _ pair: (_ first: Int, _ index: Int) -> PicturePair)
        -> [PicturePair]
    {
        var known: [String: Int] = [:]
        return names.enumerated().compactMap { index, name in
            guard !name.isEmpty else { return nil }
            guard let first = known[name] else {
                known[name] = index
                return nil
            }
            return pair(first, index)
        }
    }

    private func groundPairs(of pictures: [Int], workers: Workers, progress: ProgressReport?) throws
        -> [GroundPair]
    {
        let isAll = pictures.count == vectors.count
        let found = try GroundSearch(
            isAll ? vectors : vectors.selecting(pictures), workers: workers
        ).pairs(workers: workers, progress: progress)
        return isAll ? found : found.map { $0.mapped(to: pictures) }
    }
}
