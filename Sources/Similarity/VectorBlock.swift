import AtlasModel

/// Model vectors that are searched together, and what comparing them takes.
struct VectorBlock: Sendable {
    /// Index of the first one.
    let first: Int
    let statistics: CorrelationStatistics
    /// Cluster of each in each turn, `clusters[quarterTurns][place]`; `nil` without K-Means.
    let clusters: [[Int32]]?
    /// For the quick comparison, see `Scan`: n / √spread and (Σx − shift) / √spread less the slack,
    /// filled up with zeros to whole lanes; zero for a constant image.
    let scales: [Float]
    let offsets: [Float]

    var count: Int { statistics.sums.count }

    /// Relative error of the quick comparison in single precision: eight roundings, and some more.
    private static let slack = 10 * Float.ulpOfOne / 2

    init(_ vectors: ModelVectors, _ range: Range<Int>, clusters: [[Int32]]?) {
        first = range.lowerBound
        let length = ModelVectors.length
        statistics = CorrelationStatistics(
            Array(vectors.bytes[range.lowerBound * length..<range.upperBound * length]))
        self.clusters = clusters.map { $0.map { Array($0[range]) } }
        let lanes = Scan.padded(range.count)
        var scales = [Float](repeating: 0, count: lanes)
        var offsets = scales
        for place in 0..<range.count where statistics.spreads[place] > 0 {
            let root = statistics.spreads[place].squareRoot()
            scales[place] = Float(CorrelationStatistics.length / root)
            // No product and no sum exceeds 128 · n for each unit of the other side's sum.
            let bound = Float(CorrelationStatistics.shift / root)
            offsets[place] =
                Float((statistics.sums[place] - CorrelationStatistics.shift) / root)
                - Self.slack * bound
        }
        self.scales = scales
        self.offsets = offsets
    }
}

/// The targets found so far for each vector of a block.
struct BlockPanels: Sendable {
    /// For each candidate the picture of the collection that it is, if it is one.
    let excluded: [Int?]
    private(set) var kmeans: [BestMatches]
    private(set) var pairwise: [BestMatches]
    /// Correlation that a pair must reach to be worth a closer look, a little less than needed;
    /// filled up to whole lanes.
    private(set) var bars: [Float]

    /// Below every correlation.
    private static let open: Float = -2
    /// Above every correlation.
    static let closed: Float = 2
    /// Rounding of a bar and of its product with a root.
    private static let slack: Float = 1e-6

    init(excluded: [Int?], clusters: Bool, top: Int, turns: Int) {
        self.excluded = excluded
        pairwise = excluded.map { _ in BestMatches(limit: top, repeats: turns > 1) }
        kmeans = clusters ? pairwise : []
        bars = [Float](repeating: Self.open, count: Scan.padded(excluded.count))
    }

    /// Of a side that is offered nothing.
    static let none = BlockPanels(excluded: [], clusters: false, top: 0, turns: 1)

    /// Takes in a match of the candidate at `place`.
    mutating func offer(_ match: Match, to place: Int, sameCluster: Bool) {
        guard match.target != excluded[place] else { return }
        if match.distance <= pairwise[place].worst { pairwise[place].offer(match) }
        if sameCluster, match.distance <= kmeans[place].worst { kmeans[place].offer(match) }
        // A cluster is part of the collection, so its worst match is never better than the whole's.
        let worst = kmeans.isEmpty ? pairwise[place].worst : kmeans[place].worst
        bars[place] = worst.isFinite ? Float(1 - worst) - Self.slack : Self.open
    }
}

extension ModelVectors {
    /// The vectors in `range`, each turned counter-clockwise by `quarterTurns` · 90 degrees.
    func turned(_ range: Range<Int>, quarterTurns: Int) -> [UInt8] {
        let length = Self.length
        let part = bytes[range.lowerBound * length..<range.upperBound * length]
        guard quarterTurns & 3 != 0 else { return Array(part) }
        // Bytes of a pixel stay together.
        let sources = stride(from: 0, to: length, by: 3).map {
            Self.turnSources[quarterTurns & 3][$0]
        }
        return [UInt8](unsafeUninitializedCapacity: part.count) { turned, count in
            part.withUnsafeBufferPointer { part in
                for vector in stride(from: 0, to: part.count, by: length) {
                    for (pixel, source) in sources.enumerated() {
                        for channel in 0..<3 {
                            turned[vector + 3 * pixel + channel] = part[vector + source + channel]
                        }
                    }
                }
            }
            count = part.count
        }
    }
}
