package import AtlasModel
import Kernels
package import Parallel

/// Compares pictures by features, for example those that a network computes, with the cosine
/// distance 1 − x·y / (|x| |y|), as `scipy.spatial.distance.cosine` defines it. A picture whose
/// features are all zero has no direction, so its distance to all others is 1.
///
/// Screening in single precision, with a slack for its rounding errors, excludes nearly all pairs.
/// The remaining pairs are refined in double precision, and their products are added in a fixed
/// order. So the results depend on neither threads nor blocks.
///
///     // Features (1, 0), (0, 2), (3, 3) of three pictures.
///     let search = EmbeddingSearch(try ComparedFeatures(of: vectors, rotations: false) { features(of: $0) })
///     try search.neighbours(top: 1, workers: workers, progress: nil)
///     // [.collection: [[2 at distance 0.29], [2 at distance 0.29], [0 at distance 0.29]]]
package struct EmbeddingSearch: TargetSearch {
    /// Computes the features of pictures. The same picture must always have the same features.
    package typealias Extraction = @Sendable (ModelVectors) throws -> FeatureVectors

    private let compared: ComparedFeatures
    /// `nil` when no model searches within clusters.
    private let clusters: FeatureClusters?
    private let specimens: Specimens
    private let folding: Folding
    /// Features of the collection, not rotated.
    private let features: Directions

    /// Number of candidates, and of targets, in a block of products.
    private static let candidateBlock = 256
    private static let targetBlock = 1024

    /// - Parameters:
    ///   - clusters: if given, targets within the candidate's cluster are found too.
    ///   - specimens: of the collection.
    ///   - folding: which targets are folded.
    package init(
        _ compared: ComparedFeatures, clusters: FeatureClusters? = nil,
        specimens: Specimens = .none, folding: Folding = .none
    ) {
        self.compared = compared
        self.clusters = clusters
        self.specimens = specimens
        self.folding = folding
        features = Directions(compared.rows)
    }

    /// Each share finds the targets of its own pictures.
    package func neighbours(
        of share: Share, top: Int, workers: Workers, progress: ProgressReport?
    ) throws -> FoundTargets {
        let own = share.range(of: features.count)
        let found = try search(
            features.selecting(own), excluding: { own.lowerBound + $0 }, top: top,
            workers: workers, progress: progress)
        return found.mapValues { matches in
            var all = [[Match]](repeating: [], count: features.count)
            all.replaceSubrange(own, with: matches)
            return all
        }
    }

    package func targets(
        of candidates: LikenessCandidates, excluding: @Sendable (Int) -> Int?, top: Int,
        workers: Workers
    ) throws -> FoundTargets {
        try search(
            Directions(try compared.describe(candidates)), excluding: excluding, top: top,
            workers: workers, progress: nil)
    }

    private func search(
        _ candidates: Directions, excluding: @Sendable (Int) -> Int?, top: Int, workers: Workers,
        progress: ProgressReport?
    ) throws -> FoundTargets {
        let turns = compared.turns
        let parts = ComparedFeatures.blocks(of: candidates.count, size: Self.candidateBlock)
        let own = clusters?.assignments(of: candidates.features)
        var found = parts.map { $0.map { _ in FoundMatches(limit: top, turns: turns.count) } }
        let blocks = ComparedFeatures.blocks(of: features.count)
        for turn in turns {
            for (number, block) in blocks.enumerated() {
                let targets =
                    turn == 0
                    ? features.selecting(block)
                    : Directions(try compared.rows(block, quarterTurns: turn))
                let others = clusters?.assignments(of: targets.features)
                let before = found
                found = try workers.map(parts.count) { part in
                    KernelThreads.use(1)
                    var best = before[part]
                    let pass = Pass(
                        candidates: candidates, rows: parts[part], targets: targets,
                        firstTarget: block.lowerBound, rotation: 90 * turn,
                        excluded: parts[part].map(excluding), specimens: specimens,
                        folding: folding, clusters: own.flatMap { own in others.map { (own, $0) } })
                    try pass.run(&best, block: Self.targetBlock)
                    return best
                }
                // Progress is reported in candidates: each block of targets counts as a share of
                // them.
                let done = turn * blocks.count + number + 1
                progress?(candidates.count * done / (turns.count * blocks.count), candidates.count)
            }
        }
        var results: FoundTargets = [.collection: found.joined().map(\.collection.matches)]
        if clusters != nil { results[.cluster] = found.joined().map(\.cluster.matches) }
        return results
    }
}

/// The best matches of one candidate so far.
private struct FoundMatches {
    var collection: BestMatches
    /// Within the candidate's cluster; empty without clusters.
    var cluster: BestMatches

    /// - Parameter turns: number of turns in which a target is offered.
    init(limit: Int, turns: Int) {
        collection = BestMatches(limit: limit, repeats: turns > 1)
        cluster = collection
    }
}

/// Compares a block of candidates with targets in one turn.
private struct Pass {
    let candidates: Directions
    let rows: Range<Int>
    let targets: Directions
    /// The index of the first target in the collection.
    let firstTarget: Int
    let rotation: Int
    /// For each row, its own index in the collection; `nil` if the candidate does not belong to the
    /// collection.
    let excluded: [Int?]
    /// Of the collection.
    let specimens: Specimens
    let folding: Folding
    /// The clusters of all candidates and of the targets; `nil` without clusters.
    let clusters: (own: [Int32], others: [Int32])?

    /// Offers every target to the best matches of every candidate of `rows`.
    func run(_ best: inout [FoundMatches], block size: Int) throws {
        let slack = candidates.slack(with: targets)
        var products = [Float](repeating: 0, count: rows.count * size)
        for start in stride(from: 0, to: targets.count, by: size) {
            let columns = start..<min(targets.count, start + size)
            try candidates.multiply(rows, by: targets, columns, into: &products)
            for row in rows.indices {
                let place = row - rows.lowerBound
                let cluster = clusters?.own[row]
                var least = threshold(best[place].collection, slack)
                var leastOfCluster = threshold(best[place].cluster, slack)
                for column in columns {
                    let product = products[place * columns.count + column - start]
                    let cosine = product * candidates.inverses[row] * targets.inverses[column]
                    let target = firstTarget + column
                    // The tests are not ">= least" because a product that overflowed may be NaN.
                    let isFar = cosine < least
                    let isInCluster = cluster != nil && cluster == clusters?.others[column]
                    let isFarOfCluster = !isInCluster || cosine < leastOfCluster
                    if isFar && isFarOfCluster || isExcluded(target, place) { continue }
                    let match = Match(
                        target: target, distance: candidates.distance(row, targets, column),
                        rotation: rotation)
                    let isFolded = folding.folds(target, of: excluded[place])
                    best[place].collection.offer(match, isFolded: isFolded)
                    least = threshold(best[place].collection, slack)
                    guard isInCluster else { continue }
                    best[place].cluster.offer(match, isFolded: isFolded)
                    leastOfCluster = threshold(best[place].cluster, slack)
                }
            }
        }
    }

    private func isExcluded(_ target: Int, _ place: Int) -> Bool {
        guard let own = excluded[place] else { return false }
        return target == own || specimens.areOne(own, target)
    }

    /// The computed cosine below which a target cannot be among the best.
    private func threshold(_ best: BestMatches, _ slack: Float) -> Float {
        best.worst.isFinite ? Float(1 - best.worst) - slack : -.infinity
    }
}

/// Feature vectors with their lengths.
private struct Directions: Sendable {
    let features: FeatureVectors
    /// Σx² of each row, in double precision.
    private let squares: [Double]
    /// 1 / |x| for screening, 0 for a row of zeros.
    let inverses: [Float]
    /// Whether products of rows are neither too large nor too small for single precision.
    private let isScreenable: Bool

    /// Lengths of rows that can be screened. Products of values then stay below 10²⁴. The parts
    /// that underflow, at most 2⁻¹²⁶ for each product, are negligible compared with 10⁻²⁴.
    private static let screenableLengths = 1e-12...1e12

    init(_ features: FeatureVectors) {
        self.features = features
        squares = (0..<features.count).map { FeatureProduct.of(features, $0, features, $0) }
        inverses = squares.map { $0 > 0 ? Float(1 / $0.squareRoot()) : 0 }
        isScreenable = squares.allSatisfy {
            $0 == 0 || Self.screenableLengths.contains($0.squareRoot())
        }
    }

    /// A part of the rows.
    private init(_ all: Directions, rows: Range<Int>) {
        let values = all.features.values[rows.lowerBound * all.width..<rows.upperBound * all.width]
        features = FeatureVectors(values: Array(values), width: all.width)
        squares = Array(all.squares[rows])
        inverses = Array(all.inverses[rows])
        isScreenable = all.isScreenable
    }

    var count: Int { features.count }
    var width: Int { features.width }

    func selecting(_ rows: Range<Int>) -> Directions {
        rows.count == count ? self : Directions(self, rows: rows)
    }

    /// Bound on the error of a cosine in single precision and of its comparison with a distance.
    ///
    /// A product of n values has an error of γₙ |x| |y|, and four roundings follow: two inverses and two
    /// products with them. Two more are in the threshold, which is rounded and then reduced by the
    /// slack. One is for the distance in double precision, and one for storing the slack itself.
    func slack(with other: Directions) -> Float {
        guard isScreenable, other.isScreenable else { return .infinity }
        return Float(Rounding.gamma(width + 8))
    }

    /// Cosine distance of row `i` of `self` and row `j` of `other`, from 0 to 2: exactly 0 for equal
    /// rows, 1 if either is zero.
    func distance(_ i: Int, _ other: Directions, _ j: Int) -> Double {
        guard squares[i] > 0, other.squares[j] > 0 else { return 1 }
        let product = FeatureProduct.of(features, i, other.features, j)
        // √(s · s) is s exactly, so equal rows are at distance 0.
        return min(2, max(0, 1 - product / (squares[i] * other.squares[j]).squareRoot()))
    }

    /// Writes products in single precision, `(rows.count, columns.count)`, to the beginning of
    /// `target`.
    func multiply(
        _ rows: Range<Int>, by other: Directions, _ columns: Range<Int>, into target: inout [Float]
    ) throws {
        try features.values.withUnsafeBufferPointer { own in
            try other.features.values.withUnsafeBufferPointer { others in
                try target.withUnsafeMutableBufferPointer { target in
                    guard let left = own.baseAddress, let right = others.baseAddress,
                        let result = target.baseAddress
                    else { return }
                    try GEMM.multiply(
                        left + rows.lowerBound * width, right + columns.lowerBound * width,
                        into: result, .init(m: rows.count, n: columns.count, k: width))
                }
            }
        }
    }
}
