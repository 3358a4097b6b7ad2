import AtlasModel

/// Searches the products of two blocks and offers the pairs whose distance is small enough.
///
/// Screening in single precision, with a slack for its rounding errors, excludes nearly all pairs:
/// with y' = y − 128, the correlation r reaches a bar when nΣxy' / √Y − Σx Σy' / √Y ≥ bar · √X, where X
/// and Y are the spreads. The other pairs are refined in double precision, from the exact product.
enum Scan {
    private typealias Lanes = SIMD16<Float>

    /// `count`, rounded up to whole lanes.
    static func padded(_ count: Int) -> Int {
        (count + Lanes.scalarCount - 1) / Lanes.scalarCount * Lanes.scalarCount
    }

    /// Two blocks that are compared.
    struct Blocks {
        /// Rows of the products.
        let targets: VectorBlock
        /// Columns of the products.
        let candidates: VectorBlock
        /// Quarter turns of the targets in these products.
        let turn: Int
    }

    /// A pair of a target and a candidate.
    private struct Pair {
        let target: Int
        let candidate: Int
        /// Their exact product.
        let product: Int32
    }

    /// Offers targets to candidates and, if `mutual`, candidates to targets as well: turning x by θ
    /// against y is the same as turning y by −θ against x.
    /// - Parameters:
    ///   - products: `(targets.count, candidates.count)`, followed by memory for one vector of lanes.
    ///   - panels: of the candidates.
    ///   - others: of the targets; not changed unless `mutual`.
    static func offer(
        _ products: UnsafePointer<Int32>, _ blocks: Blocks, to panels: inout BlockPanels,
        and others: inout BlockPanels, mutual: Bool
    ) {
        let width = blocks.candidates.count
        for row in 0..<blocks.targets.count {
            let line = products + row * width
            let sum = Lanes(repeating: Float(blocks.targets.statistics.sums[row]))
            let root = blocks.targets.statistics.roots[row]
            var own = Lanes(repeating: mutual ? others.bars[row] : BlockPanels.closed)
            for start in stride(from: 0, to: width, by: Lanes.scalarCount) {
                let near = nearness(line + start, blocks.candidates, start, sum)
                let bars = lanes(panels.bars, start)
                let passing = near .>= own.replacing(with: bars, where: bars .< own) * root
                guard any(passing) else { continue }
                for lane in 0..<min(Lanes.scalarCount, width - start) where passing[lane] {
                    let pair = Pair(
                        target: row, candidate: start + lane, product: line[start + lane])
                    offer(pair, blocks, to: &panels, and: &others, mutual: mutual)
                }
                if mutual { own = Lanes(repeating: others.bars[row]) }
            }
        }
    }

    /// The correlation times the root of the target's spread, plus the slack.
    @inline(__always)
    private static func nearness(
        _ products: UnsafePointer<Int32>, _ candidates: VectorBlock, _ start: Int, _ sum: Lanes
    ) -> Lanes {
        let products = UnsafeRawPointer(products).loadUnaligned(as: SIMD16<Int32>.self)
        return Lanes(products) * lanes(candidates.scales, start)
            - sum * lanes(candidates.offsets, start)
    }

    @inline(__always)
    private static func lanes(_ values: [Float], _ start: Int) -> Lanes {
        values.withUnsafeBytes {
            $0.loadUnaligned(fromByteOffset: start * MemoryLayout<Float>.stride, as: Lanes.self)
        }
    }

    /// Computes the distance of a pair and offers it to the candidate and, if `mutual`, to the target.
    private static func offer(
        _ pair: Pair, _ blocks: Blocks, to panels: inout BlockPanels,
        and others: inout BlockPanels, mutual: Bool
    ) {
        let (targets, candidates, turn) = (blocks.targets, blocks.candidates, blocks.turn)
        let (row, column) = (pair.target, pair.candidate)
        let distance = targets.statistics.distance(
            row, candidates.statistics, column, product: pair.product)
        panels.offer(
            Match(target: targets.first + row, distance: distance, rotation: turn * 90),
            to: column, sameCluster: same(candidates, column, targets, row, turn))
        guard mutual else { return }
        let back = (4 - turn) % 4
        others.offer(
            Match(target: candidates.first + column, distance: distance, rotation: back * 90),
            to: row, sameCluster: same(targets, row, candidates, column, back))
    }

    /// Whether a candidate and a turned target share a cluster.
    private static func same(
        _ candidates: VectorBlock, _ candidate: Int, _ targets: VectorBlock, _ target: Int,
        _ turn: Int
    ) -> Bool {
        guard let own = candidates.clusters?.first, let others = targets.clusters else {
            return false
        }
        return own[candidate] == others[turn][target]
    }
}
