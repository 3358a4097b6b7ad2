public import AtlasModel
import Kernels
public import Parallel
import Synchronization

/// Finds the targets of candidates in a collection, exactly: every pair is compared.
///
/// Products of bytes come in blocks from an integer matrix product; a comparison in double
/// precision, exact up to the last division, discards nearly all pairs, and only what is left is
/// measured and ranked. Blocks have a fixed size, so nothing depends on the number of threads.
public struct LikenessSearch: Sendable {
    private let vectors: ModelVectors
    private let rows: ByteRows
    private let statistics: CorrelationStatistics
    /// Cluster of each target in each turn, `clusters[quarterTurns][target]`; `nil` without K-Means.
    private let clusters: [[Int32]]?
    /// Quarter turns that targets are compared in.
    private let turns: Range<Int>

    /// Candidates and targets in a block: 256 × 1024 products are 1 MB, which stays in cache.
    private static let candidateBlock = 256
    private static let targetBlock = 1024
    /// Relative slack of the quick comparison, far above the rounding of its two multiplications.
    private static let slack = 1e-12

    /// - Parameters:
    ///   - vectors: of the collection, in key order.
    ///   - kmeans: when given, its panel is searched too.
    ///   - rotations: whether targets may be turned.
    public init(
        _ vectors: ModelVectors, kmeans: KMeansModel?, rotations: Bool, workers: Workers
    ) throws {
        self.vectors = vectors
        rows = ByteRows(vectors.bytes, length: ModelVectors.length)
        statistics = CorrelationStatistics(vectors.bytes)
        let turns = rotations ? 0..<4 : 0..<1
        self.turns = turns
        clusters = try kmeans.map { kmeans in
            try turns.map {
                try kmeans.assignments(of: vectors, quarterTurns: $0, workers: workers)
            }
        }
    }

    /// The targets of one candidate by each model.
    public struct Panels: Sendable, Equatable {
        /// Within the candidate's cluster; empty without K-Means.
        public let kmeans: [Match]
        public let pairwise: [Match]
    }

    /// For every picture of the collection its targets, itself excluded in every turn.
    public func neighbours(top: Int, workers: Workers, progress: ProgressReport? = nil) throws
        -> [Neighbours]
    {
        let panels = try panels(
            of: vectors, clusters: clusters?.first, excluding: { $0 }, top: top, workers: workers,
            progress: progress)
        let pairwise = Neighbours(model: .pairwise, matches: panels.map(\.pairwise))
        guard clusters != nil else { return [pairwise] }
        return [Neighbours(model: .kmeans, matches: panels.map(\.kmeans)), pairwise]
    }

    /// The targets of candidates from anywhere.
    /// - Parameters:
    ///   - candidates: their model vectors.
    ///   - clusters: the cluster of each, asked for when K-Means was given.
    ///   - excluding: for a candidate the picture of the collection that it is, if it is one.
    public func panels(
        of candidates: ModelVectors, clusters candidateClusters: [Int32]?,
        excluding: @Sendable (Int) -> Int?, top: Int, workers: Workers,
        progress: ProgressReport? = nil
    ) throws -> [Panels] {
        let placed = Mutex<[Int: [Panels]]>([:])
        let done = Atomic<Int>(0)
        try workers.forEachRange(of: candidates.count, chunk: Self.candidateBlock) { range in
            KernelThreads.use(1)
            var block = CandidateBlock(
                candidates, range, clusters: candidateClusters, excluding: excluding, top: top)
            for turn in turns { try search(&block, turn: turn, candidates) }
            let panels = block.panels
            placed.withLock { $0[range.lowerBound] = panels }
            let count = done.add(range.count, ordering: .relaxed).newValue
            progress?(count, candidates.count)
        }
        return placed.withLock { found in
            found.keys.sorted().flatMap { found[$0, default: []] }
        }
    }

    /// Compares a block of candidates with all targets turned by `turn` quarter turns.
    ///
    /// Turning a target against a candidate is turning the candidate the other way.
    private func search(_ block: inout CandidateBlock, turn: Int, _ candidates: ModelVectors) throws
    {
        let turned = block.range.flatMap { candidates.turned($0, quarterTurns: (4 - turn) % 4) }
        let left = ByteRows(turned, length: ModelVectors.length)
        var scratch: [Float] = []
        var products = [Int32](repeating: 0, count: block.range.count * Self.targetBlock)
        for start in stride(from: 0, to: rows.rows, by: Self.targetBlock) {
            let targets = start..<min(rows.rows, start + Self.targetBlock)
            try products.withUnsafeMutableBufferPointer { products in
                guard let base = products.baseAddress else { return }
                try left.products(
                    0..<left.rows, with: rows, targets, into: base, scratch: &scratch)
                for row in 0..<left.rows {
                    offer(
                        UnsafeBufferPointer(
                            start: base + row * targets.count, count: targets.count),
                        from: targets, turn: turn, to: row, of: &block)
                }
            }
        }
    }

    /// Offers a row of products to the best matches of one candidate.
    private func offer(
        _ products: UnsafeBufferPointer<Int32>, from targets: Range<Int>, turn: Int, to row: Int,
        of block: inout CandidateBlock
    ) {
        let sum = block.statistics.sums[row]
        let excluded = block.excluded[row]
        let cluster = block.clusters?[row]
        var threshold = block.threshold(row)
        statistics.sums.withUnsafeBufferPointer { sums in
            statistics.inverses.withUnsafeBufferPointer { inverses in
                for place in 0..<targets.count {
                    let target = targets.lowerBound + place
                    let covariance =
                        CorrelationStatistics.length * Double(products[place]) - sum * sums[target]
                    guard covariance * inverses[target] >= threshold, target != excluded else {
                        continue
                    }
                    let distance = block.statistics.distance(
                        row, statistics, target, product: products[place])
                    let match = Match(target: target, distance: distance, rotation: turn * 90)
                    block.offer(
                        match, row: row,
                        sameCluster: cluster != nil && clusters?[turn][target] == cluster)
                    threshold = block.threshold(row)
                }
            }
        }
    }

    /// Candidates whose targets are being searched together.
    private struct CandidateBlock {
        let range: Range<Int>
        let statistics: CorrelationStatistics
        let clusters: [Int32]?
        let excluded: [Int?]
        private var kmeans: [BestMatches]
        private var pairwise: [BestMatches]

        init(
            _ candidates: ModelVectors, _ range: Range<Int>, clusters: [Int32]?,
            excluding: (Int) -> Int?, top: Int
        ) {
            self.range = range
            let length = ModelVectors.length
            statistics = CorrelationStatistics(
                Array(candidates.bytes[range.lowerBound * length..<range.upperBound * length]))
            self.clusters = clusters.map { Array($0[range]) }
            excluded = range.map(excluding)
            pairwise = range.map { _ in BestMatches(limit: top) }
            kmeans = clusters == nil ? [] : pairwise
        }

        var panels: [Panels] {
            range.indices.map { row in
                let row = row - range.lowerBound
                return Panels(
                    kmeans: kmeans.isEmpty ? [] : kmeans[row].matches,
                    pairwise: pairwise[row].matches)
            }
        }

        /// What covariance / √(target's spread) has to reach to be worth a closer look.
        ///
        /// A cluster is part of the collection, so its worst match is never better than the whole's.
        func threshold(_ row: Int) -> Double {
            let worst = kmeans.isEmpty ? pairwise[row].worst : kmeans[row].worst
            guard worst.isFinite else { return -.infinity }
            let root = statistics.spreads[row].squareRoot()
            return (1 - worst) * root - slack * root
        }

        mutating func offer(_ match: Match, row: Int, sameCluster: Bool) {
            if match.distance <= pairwise[row].worst { pairwise[row].offer(match) }
            if sameCluster, match.distance <= kmeans[row].worst { kmeans[row].offer(match) }
        }
    }
}
