package import AtlasModel
import Parallel

/// Finds pairs of pictures that show the same ground, one shifted against the other.
package struct GroundPairing: Sendable {
    /// The pairs of a collection.
    let within: @Sendable (_ collection: ModelVectors) throws -> [PicturePair]
    /// The pairs of a candidate and a picture of a collection, whose numbers follow those of the
    /// candidates.
    let between:
        @Sendable (_ candidates: ModelVectors, _ collection: ModelVectors) throws -> [PicturePair]

    package init(
        within: @escaping @Sendable (ModelVectors) throws -> [PicturePair],
        between: @escaping @Sendable (ModelVectors, ModelVectors) throws -> [PicturePair]
    ) {
        self.within = within
        self.between = between
    }
}

/// Compares pictures as a whole, and those that show the same ground where both show it.
///
/// The distance of two pictures of the same ground is (1 − r) / s, where r is the correlation of the
/// area that both show and s its share of a picture: the smaller the area, the less it tells. It is
/// at most their distance as a whole, and that of all others.
struct SameGroundSearch: TargetSearch {
    private let vectors: ModelVectors
    private let specimens: Specimens
    private let folding: Folding
    private let whole: CorrelationSearch
    private let pairing: GroundPairing

    init(_ input: LikenessInput, _ pairing: GroundPairing) throws {
        vectors = input.vectors
        specimens = input.specimens
        folding = input.folding
        whole = try CorrelationSearch(
            input.vectors, kmeans: nil, rotations: input.rotations, specimens: input.specimens,
            folding: input.folding, workers: input.workers)
        self.pairing = pairing
    }

    /// Only the first share finds the pairs of the same ground.
    func neighbours(
        of share: Share, top: Int, workers: Workers, progress: ProgressReport?
    ) throws -> FoundTargets {
        let whole = try whole.neighbours(
            of: share, top: top, workers: workers, progress: progress)
        guard share.index == 0 else { return whole }
        var ground = [[Match]](repeating: [], count: vectors.count)
        for pair in try pairing.within(vectors) where !specimens.areOne(pair.a, pair.b) {
            ground[pair.a].append(Self.match(pair, target: pair.b))
            ground[pair.b].append(Self.match(pair, target: pair.a))
        }
        return merged(whole, ground, top: top, owners: Array(0..<vectors.count))
    }

    func targets(
        of candidates: LikenessCandidates, excluding: @Sendable (Int) -> Int?, top: Int,
        workers: Workers
    ) throws -> FoundTargets {
        let count = candidates.vectors.count
        var ground = [[Match]](repeating: [], count: count)
        for pair in try pairing.between(candidates.vectors, vectors) {
            let target = pair.b - count
            if let own = excluding(pair.a) {
                guard own != target, !specimens.areOne(own, target) else { continue }
            }
            ground[pair.a].append(Self.match(pair, target: target))
        }
        return merged(
            try whole.targets(of: candidates, excluding: excluding, top: top, workers: workers),
            ground, top: top, owners: (0..<count).map(excluding))
    }

    private static func match(_ pair: PicturePair, target: Int) -> Match {
        let side = ModelVectors.side
        let common = (side - abs(pair.down)) * (side - abs(pair.right))
        let share = Double(common) / Double(side * side)
        return Match(target: target, distance: (1 - pair.correlation) / share, rotation: 0)
    }

    /// The nearest of both kinds, each target once with its smaller distance.
    /// - Parameter owners: for each candidate its own index in the collection.
    private func merged(_ whole: FoundTargets, _ ground: [[Match]], top: Int, owners: [Int?])
        -> FoundTargets
    {
        let matches = zip(whole[.collection, default: []], ground)
        return [
            .collection: zip(matches, owners).map { matches, own in
                let (whole, ground) = matches
                if ground.isEmpty { return whole }
                var known: Set<Int> = []
                let sorted = (whole + ground)
                    .sorted { ($0.distance, $0.target) < ($1.distance, $1.target) }
                    .filter { known.insert($0.target).inserted }
                return folding.kept(sorted, of: own, top: top)
            }
        ]
    }
}
