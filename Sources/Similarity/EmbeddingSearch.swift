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
///     let search = try EmbeddingSearch(vectors, rotations: false) { features(of: $0) }
///     try search.neighbours(top: 1, workers: workers, progress: nil)
///     // [.collection: [[2 at distance 0.29], [2 at distance 0.29], [0 at distance 0.29]]]
package struct EmbeddingSearch: TargetSearch {
    /// Computes the features of pictures. The same picture must always have the same features.
    package typealias Extraction = @Sendable (ModelVectors) throws -> FeatureVectors

    /// Of the collection, for turned pictures; empty when pictures are not turned.
    private let vectors: ModelVectors
    /// Quarter turns in which targets are compared.
    private let turns: Range<Int>
    private let extract: Extraction
    private let describe: @Sendable (LikenessCandidates) throws -> FeatureVectors
    private let specimens: Specimens
    /// Features of the collection, not rotated.
    private let features: Directions

    /// Number of pictures whose features are computed together. It limits the memory for rotated
    /// pictures.
    private static let extractionBlock = 4096
    /// Number of candidates, and of targets, in a block of products.
    private static let candidateBlock = 256
    private static let targetBlock = 1024

    /// - Parameters:
    ///   - vectors: of the collection, in key order.
    ///   - rotations: whether targets may be rotated.
    ///   - specimens: of the collection.
    ///   - progress: in pictures.
    /// - Throws: any error of `extract`.
    package init(
        _ vectors: ModelVectors, rotations: Bool, specimens: Specimens = .none,
        progress: ProgressReport? = nil, extract: @escaping Extraction
    ) throws {
        self.vectors = vectors
        turns = rotations ? 0..<4 : 0..<1
        self.extract = extract
        describe = { try extract($0.vectors) }
        self.specimens = specimens
        var values: [Float] = []
        var width = 1
        for block in Self.blocks(of: vectors.count, Self.extractionBlock) {
            let part = try extract(vectors.selecting(Array(block)))
            width = part.width
            if values.isEmpty { values.reserveCapacity(vectors.count * width) }
            values += part.values
            progress?(block.upperBound, vectors.count)
        }
        features = Directions(FeatureVectors(values: values, width: width))
    }

    /// A search by features that are known, in one turn.
    /// - Parameters:
    ///   - features: of the collection, in key order.
    ///   - describe: gives the features of candidates, in their order.
    package init(
        features: FeatureVectors, specimens: Specimens = .none,
        describe: @escaping @Sendable (LikenessCandidates) throws -> FeatureVectors
    ) {
        vectors = ModelVectors(bytes: [])
        turns = 0..<1
        extract = { _ in preconditionFailure("Nothing is turned.") }
        self.describe = describe
        self.specimens = specimens
        self.features = Directions(features)
    }

    package func neighbours(top: Int, workers: Workers, progress: ProgressReport?) throws
        -> FoundTargets
    {
        try search(features, excluding: { $0 }, top: top, workers: workers, progress: progress)
    }

    package func targets(
        of candidates: LikenessCandidates, excluding: @Sendable (Int) -> Int?, top: Int,
        workers: Workers
    ) throws -> FoundTargets {
        try search(
            Directions(try describe(candidates)), excluding: excluding, top: top, workers: workers,
            progress: nil)
    }

    private func search(
        _ candidates: Directions, excluding: @Sendable (Int) -> Int?, top: Int, workers: Workers,
        progress: ProgressReport?
    ) throws -> FoundTargets {
        let parts = Self.blocks(of: candidates.count, Self.candidateBlock)
        var found = parts.map { $0.map { _ in BestMatches(limit: top, repeats: turns.count > 1) } }
        let blocks = Self.blocks(of: features.count, Self.extractionBlock)
        for turn in turns {
            for (number, block) in blocks.enumerated() {
                let targets = try directions(of: block, quarterTurns: turn)
                let before = found
                found = try workers.map(parts.count) { part in
                    KernelThreads.use(1)
                    var best = before[part]
                    let pass = Pass(
                        candidates: candidates, rows: parts[part], targets: targets,
                        firstTarget: block.lowerBound, rotation: 90 * turn,
                        excluded: parts[part].map(excluding), specimens: specimens)
                    try pass.run(&best, block: Self.targetBlock)
                    return best
                }
                // Progress is reported in candidates: each block of targets counts as a share of
                // them.
                let done = turn * blocks.count + number + 1
                progress?(candidates.count * done / (turns.count * blocks.count), candidates.count)
            }
        }
        return [.collection: found.joined().map(\.matches)]
    }

    /// Features of rotated pictures of the collection.
    private func directions(of block: Range<Int>, quarterTurns: Int) throws -> Directions {
        if quarterTurns == 0 { return features.selecting(block) }
        let turned = block.flatMap { vectors.turned($0, quarterTurns: quarterTurns) }
        return Directions(try extract(ModelVectors(bytes: turned)))
    }

    private static func blocks(of count: Int, _ size: Int) -> [Range<Int>] {
        stride(from: 0, to: count, by: size).map { $0..<min(count, $0 + size) }
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

    /// Offers every target to the best matches of every candidate of `rows`.
    func run(_ best: inout [BestMatches], block size: Int) throws {
        let slack = candidates.slack(with: targets)
        var products = [Float](repeating: 0, count: rows.count * size)
        for start in stride(from: 0, to: targets.count, by: size) {
            let columns = start..<min(targets.count, start + size)
            try candidates.multiply(rows, by: targets, columns, into: &products)
            for row in rows.indices {
                let place = row - rows.lowerBound
                var least = threshold(best[place], slack)
                for column in columns {
                    let product = products[place * columns.count + column - start]
                    let cosine = product * candidates.inverses[row] * targets.inverses[column]
                    let target = firstTarget + column
                    // The test is not ">= least" because a product that overflowed may be NaN.
                    if cosine < least || isExcluded(target, place) { continue }
                    best[place].offer(
                        Match(
                            target: target, distance: candidates.distance(row, targets, column),
                            rotation: rotation))
                    least = threshold(best[place], slack)
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
    private let features: FeatureVectors
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
        let width = features.width
        squares = features.values.withUnsafeBufferPointer { values in
            (0..<features.count).map { row in
                let start = row * width
                return Self.product(values, start, values, start, width)
            }
        }
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
        let product = features.values.withUnsafeBufferPointer { own in
            other.features.values.withUnsafeBufferPointer { others in
                Self.product(own, i * width, others, j * width, width)
            }
        }
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

    /// Σxy in double precision, in eight sums that are added at the end. Each product is exact.
    private static func product(
        _ left: UnsafeBufferPointer<Float>, _ i: Int, _ right: UnsafeBufferPointer<Float>, _ j: Int,
        _ width: Int
    ) -> Double {
        var sums = SIMD8<Double>.zero
        var place = 0
        while place + 8 <= width {
            var (x, y) = (SIMD8<Float>.zero, SIMD8<Float>.zero)
            for lane in 0..<8 {
                x[lane] = left[i + place + lane]
                y[lane] = right[j + place + lane]
            }
            sums += SIMD8<Double>(x) * SIMD8<Double>(y)
            place += 8
        }
        var sum = sums.sum()
        while place < width {
            sum += Double(left[i + place]) * Double(right[j + place])
            place += 1
        }
        return sum
    }
}
