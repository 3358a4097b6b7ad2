package import AtlasModel
import Kernels
package import Parallel
import Synchronization

/// Compares model vectors by correlation distance, exactly: every pair is compared. Both scopes
/// rank by the same distance, so clusters need no second pass.
///
/// An integer matrix product gives the products of bytes in blocks. Each product is used for both
/// of its pictures. The result of a block does not depend on the order in which blocks are
/// compared, so nothing depends on the number of threads.
///
///     Pictures 0 and 2 are equal; picture 1 differs from them.
///     let search = try CorrelationSearch(vectors, kmeans: nil, rotations: false, workers: workers)
///     try search.neighbours(top: 1, workers: workers, progress: nil)
///     // [.collection: [[2 at distance 0], [0 at distance 1.1], [0 at distance 0]]]
///
/// A constant picture has no correlation with any other, so its distance to all others is 1.
package struct CorrelationSearch: TargetSearch {
    private let vectors: ModelVectors
    private let kmeans: KMeansModel?
    private let specimens: Specimens
    private let folding: Folding
    private let blocks: [VectorBlock]
    /// Quarter turns in which targets are compared.
    private let turns: Range<Int>

    /// Number of vectors in a block: 512² products are 1 MB, which fits in the cache.
    private static let block = 512
    /// Number of blocks that one block is compared with in one step, so that it is seldom turned
    /// again.
    private static let stretch = 8

    /// - Parameters:
    ///   - vectors: of the collection, in key order.
    ///   - kmeans: if given, targets within the candidate's cluster are found too.
    ///   - rotations: whether targets may be rotated.
    ///   - specimens: of the collection.
    ///   - folding: which targets are folded.
    package init(
        _ vectors: ModelVectors, kmeans: KMeansModel?, rotations: Bool,
        specimens: Specimens = .none, folding: Folding = .none, workers: Workers
    ) throws {
        let turns = rotations ? 0..<4 : 0..<1
        // The cluster of each vector, `clusters[quarterTurns][index]`.
        let clusters = try kmeans?.assignments(of: vectors, turns: turns, workers: workers)
        self.vectors = vectors
        self.kmeans = kmeans
        self.specimens = specimens
        self.folding = folding
        self.turns = turns
        let ranges = Self.ranges(vectors.count)
        blocks = try workers.map(ranges.count) {
            VectorBlock(vectors, ranges[$0], clusters: clusters)
        }
    }

    private static func ranges(_ count: Int) -> [Range<Int>] {
        stride(from: 0, to: count, by: block).map { $0..<min(count, $0 + block) }
    }

    /// Each share compares some blocks with all later ones, so it finds targets of its own pictures and of
    /// all later ones.
    package func neighbours(
        of share: Share, top: Int, workers: Workers, progress: ProgressReport?
    ) throws -> FoundTargets {
        let found = blocks.map { block in
            SharedPanels(
                BlockPanels(
                    excluded: (0..<block.count).map { block.first + $0 }, specimens: specimens,
                    folding: folding, clusters: kmeans != nil, top: top, turns: turns.count))
        }
        // The later a block, the fewer are left to compare it with.
        let mirrored = share.triangularRange(of: blocks.count)
        let own = blocks.count - mirrored.upperBound..<blocks.count - mirrored.lowerBound
        let tasks = own.flatMap { own in
            stride(from: own, to: blocks.count, by: Self.stretch).map {
                (own: own, others: $0..<min(blocks.count, $0 + Self.stretch))
            }
        }
        let done = Atomic<Int>(0)
        let pairs = max(1, tasks.reduce(0) { $0 + $1.others.count })
        try workers.forEachRange(of: tasks.count, chunk: 1) { range in
            let task = tasks[range.lowerBound]
            try compare(blocks[task.own], of: vectors, with: task.others) { products, pair, other in
                found[task.own].with { own in
                    if other == task.own {
                        // The product of a block with itself contains every pair in both orders
                        // already.
                        var nobody = BlockPanels.none
                        Scan.offer(products, pair, to: &own, and: &nobody, mutual: false)
                    } else {
                        found[other].with { others in
                            Scan.offer(products, pair, to: &own, and: &others, mutual: true)
                        }
                    }
                }
            }
            let count = done.add(task.others.count, ordering: .relaxed).newValue
            progress?(vectors.count * count / pairs, vectors.count)
        }
        return merged(found.map { $0.with { Self.matches($0) } })
    }

    package func targets(
        of asked: LikenessCandidates, excluding: @Sendable (Int) -> Int?, top: Int, workers: Workers
    ) throws -> FoundTargets {
        let candidates = asked.vectors
        let clusters = try kmeans?.assignments(of: candidates, workers: workers)
        let ranges = Self.ranges(candidates.count)
        // Threads divide the candidates, and the collection if there are fewer blocks of candidates than threads.
        return merged(
            try workers.map(ranges.count) { place in
                let range = ranges[place]
                let block = VectorBlock(candidates, range, clusters: clusters.map { [$0] })
                let found = SharedPanels(
                    BlockPanels(
                        excluded: range.map(excluding), specimens: specimens, folding: folding,
                        clusters: clusters != nil, top: top, turns: turns.count))
                try workers.forEachRange(of: blocks.count, chunk: Self.stretch) { others in
                    try compare(block, of: candidates, with: others) { products, pair, _ in
                        found.with { panels in
                            var nobody = BlockPanels.none
                            Scan.offer(products, pair, to: &panels, and: &nobody, mutual: false)
                        }
                    }
                }
                return found.with { Self.matches($0) }
            })
    }

    /// Merges the results of all blocks of candidates.
    private func merged(_ blocks: [(cluster: [[Match]], collection: [[Match]])]) -> FoundTargets {
        var found: FoundTargets = [.collection: blocks.flatMap(\.collection)]
        if kmeans != nil { found[.cluster] = blocks.flatMap(\.cluster) }
        return found
    }

    /// Compares a block of candidates with blocks of the collection in every turn.
    ///
    /// To rotate a target against a candidate is the same as to rotate the candidate in the
    /// opposite direction.
    private func compare(
        _ block: VectorBlock, of candidates: ModelVectors, with others: Range<Int>,
        _ body: (UnsafePointer<Int32>, Scan.Blocks, _ other: Int) -> Void
    ) throws {
        KernelThreads.use(1)
        var scratch: [Float] = []
        let room = Self.block * block.count + Scan.padded(1)
        var products = [Int32](repeating: 0, count: room)
        for turn in turns {
            let rows = ByteRows(
                candidates.turned(
                    block.first..<block.first + block.count, quarterTurns: (4 - turn) % 4),
                length: ModelVectors.length)
            for other in others {
                let targets = blocks[other]
                try products.withUnsafeMutableBufferPointer { products in
                    try vectors.bytes.withUnsafeBufferPointer { bytes in
                        guard let target = products.baseAddress, let left = bytes.baseAddress else {
                            return
                        }
                        try rows.products(
                            with: left + targets.first * ModelVectors.length, count: targets.count,
                            into: target, scratch: &scratch)
                        body(target, .init(targets: targets, candidates: block, turn: turn), other)
                    }
                }
            }
        }
    }

    private static func matches(_ found: BlockPanels) -> (
        cluster: [[Match]], collection: [[Match]]
    ) {
        (found.kmeans.map(\.matches), found.pairwise.map(\.matches))
    }

    /// The panels of a block, which several threads fill.
    private final class SharedPanels: Sendable {
        private let panels: Mutex<BlockPanels>

        init(_ panels: consuming BlockPanels) { self.panels = Mutex(panels) }

        func with<Result: Sendable>(_ body: (inout sending BlockPanels) -> Result) -> Result {
            panels.withLock { body(&$0) }
        }
    }
}
