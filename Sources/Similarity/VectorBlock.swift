import AtlasModel

/// Model vectors that are searched together, with values for comparing them.
struct VectorBlock: Sendable {
    /// The index of the first vector.
    let first: Int
    let statistics: CorrelationStatistics
    /// The cluster of each vector in each turn, `clusters[quarterTurns][place]`; `nil` without
    /// K-Means.
    let clusters: [[Int32]]?
    /// For screening (see `Scan`): n / √spread, and (Σx − shift) / √spread minus the slack. Padded
    /// with zeros to whole lanes; zero for a constant image.
    let scales: [Float]
    let offsets: [Float]

    var count: Int { statistics.sums.count }

    /// Slack of the comparison that `Scan` makes in single precision, relative to the largest size
    /// of its terms, Σx · 128n / √spread.
    ///
    /// Three roundings are in the product (its conversion, its scale, their product), three in the
    /// offset (its conversion, the subtraction of the slack, its product with Σx), and two in the
    /// difference, which is up to twice as large. Three more are in the bar and the root it is
    /// multiplied with, and count twice as well, because a correlation is at most twice the largest
    /// size of the terms divided by √spread. Two are for the second-order terms.
    private static let slack = Float(Rounding.gamma(16))

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
            // |nΣxy'| and |ΣxΣy'| are at most Σx · 128n.
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
    /// For each candidate, its own index in the collection; `nil` if it does not belong to the
    /// collection.
    let excluded: [Int?]
    private let specimens: Specimens
    private let folding: Folding
    private(set) var kmeans: [BestMatches]
    private(set) var pairwise: [BestMatches]
    /// The correlation that a pair must reach to be among the best; padded to whole lanes.
    private(set) var bars: [Float]

    /// Below every correlation.
    private static let open: Float = -2
    /// Above every correlation.
    static let closed: Float = 2

    /// - Parameters:
    ///   - specimens: of the collection.
    ///   - folding: which targets are folded.
    ///   - clusters: whether matches within clusters are collected too.
    init(
        excluded: [Int?], specimens: Specimens = .none, folding: Folding = .none, clusters: Bool,
        top: Int, turns: Int
    ) {
        self.excluded = excluded
        self.specimens = specimens
        self.folding = folding
        pairwise = excluded.map { _ in BestMatches(limit: top, repeats: turns > 1) }
        kmeans = clusters ? pairwise : []
        bars = [Float](repeating: Self.open, count: Scan.padded(excluded.count))
    }

    /// The panels of a side that gets no offers.
    static let none = BlockPanels(excluded: [], clusters: false, top: 0, turns: 1)

    /// Inserts a match of the candidate at `place` where it is among the best.
    mutating func offer(_ match: Match, to place: Int, sameCluster: Bool) {
        if let own = excluded[place] {
            guard match.target != own, !specimens.areOne(own, match.target) else { return }
        }
        let isFolded = folding.folds(match.target, of: excluded[place])
        if match.distance <= pairwise[place].worst {
            pairwise[place].offer(match, isFolded: isFolded)
        }
        if sameCluster, match.distance <= kmeans[place].worst {
            kmeans[place].offer(match, isFolded: isFolded)
        }
        // The cluster belongs to the collection, so its worst match is never better than that of
        // the whole collection.
        let worst = kmeans.isEmpty ? pairwise[place].worst : kmeans[place].worst
        bars[place] = worst.isFinite ? Float(1 - worst) : Self.open
    }
}

extension ModelVectors {
    /// The vectors in `range`, each turned counter-clockwise by `quarterTurns` · 90 degrees.
    func turned(_ range: Range<Int>, quarterTurns: Int) -> [UInt8] {
        let length = Self.length
        let part = bytes[range.lowerBound * length..<range.upperBound * length]
        guard quarterTurns & 3 != 0 else { return Array(part) }
        // The three bytes of a pixel stay together.
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
