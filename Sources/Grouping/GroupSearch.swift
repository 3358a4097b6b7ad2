package import AtlasModel
package import Parallel

/// Finds the pictures of a collection that belong together.
package struct GroupSearch: Sendable {
    let vectors: ModelVectors
    /// For each picture a text that is the same for pictures that are equal up to a turn or a mirror.
    let digests: [String]
    /// For each picture the name of its specimen, empty without one.
    let specimens: [String]

    /// - Precondition: there is a digest and a specimen for each picture.
    package init(_ vectors: ModelVectors, digests: [String], specimens: [String]) {
        precondition(
            vectors.count == digests.count && vectors.count == specimens.count,
            "a digest and a specimen for each picture")
        self.vectors = vectors
        self.digests = digests
        self.specimens = specimens
    }

    /// The groups. Of several reasons why two pictures belong together, the pair has the strongest: equal
    /// pictures, then the same ground, then one specimen. All but the first of equal pictures, and of the
    /// pictures of a specimen, are paired with the first of them.
    ///
    /// A pair of the same ground connects only if its shift is sure, and if the scenes that it connects
    /// agree (`GroundForest`). Another one is among the pairs of the result too, but its pictures may be
    /// in different groups. Pairs of featureless ground are left out.
    /// - Parameter progress: in pictures.
    /// - Throws: `KernelError`.
    package func groups(workers: Workers, progress: ProgressReport? = nil) throws -> PictureGroups {
        let identical = identicalPairs
        let copies = Set(identical.map(\.b))
        // Equal pictures show the same ground as one of them does.
        let different = (0..<vectors.count).filter { !copies.contains($0) }
        let ground = try groundPairs(of: different, workers: workers, progress: progress)
            .map { (pair: $0, evidence: $0.evidence(in: vectors)) }
            .filter { $0.evidence != .featureless }
        var forest = PictureForest(count: vectors.count)
        for pair in identical + specimenPairs { forest.connect(pair.a, pair.b) }
        var scenes = GroundForest(vectors)
        let located = ground.filter { $0.evidence == .located }.map(\.pair)
        for pair in located.sorted(by: { $0.strength > $1.strength }) where scenes.connect(pair) {
            forest.connect(pair.a, pair.b)
        }
        var known = Set<[Int]>()
        let pairs = (identical + ground.map(\.pair.pair) + specimenPairs).filter {
            known.insert([$0.a, $0.b]).inserted
        }
        return PictureGroups(
            pairs: pairs.sorted { ($0.a, $0.b) < ($1.a, $1.b) },
            first: (0..<vectors.count).map { forest.first(of: $0) })
    }

    /// Each picture that is equal to an earlier one, with the first of those.
    private var identicalPairs: [PicturePair] {
        pairs(by: digests) { first, index in
            let own = Array(vectors[first])
            let turn = (0..<ModelVectors.symmetries).first {
                vectors.transformed(index, by: $0) == own
            }
            return PicturePair(
                a: first, b: index, kind: .identical, turn: turn ?? 0, correlation: 1)
        }
    }

    private var specimenPairs: [PicturePair] {
        pairs(by: specimens) { PicturePair(a: $0, b: $1, kind: .specimen, correlation: .nan) }
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
